// SPDX-License-Identifier: BSD-2-Clause
#include <l4/ipc.hpp>
#include <root/protocol.hpp>
#include <supervisor/protocol.hpp>

#include "protocol.hpp"

namespace drivers {

namespace {

/// A driver answers, or says by its heartbeat that it waits for the device, much sooner.
constexpr l4::Timeout look_again = l4::Timeout::at_least (250'000);
constexpr l4::Timeouts patient { look_again, look_again };

constexpr unsigned most_complaints = 8;

[[nodiscard]] bool is (l4::MessageDope dope, l4::IpcError error)
{
    return dope.error () == static_cast<Word> (error);
}

[[nodiscard]] l4::ThreadId supervisor_thread ()
{
    l4::ThreadId const found = root::find_name (supervisor::name);
    if (!found.is_nil ())
        return found;
    // Two clients may do so at the same time: one of the two keeps the name.
    static_cast<void> (root::start (supervisor::name, root::start_detached));
    return root::await_name (supervisor::name);
}

/// @return whether it only waits for its device
bool complain (l4::ThreadId driver)
{
    l4::ThreadId const watcher = root::find_name (supervisor::name);
    return !watcher.is_nil () && rt::call (watcher, supervisor::Complain { driver }).value == 1;
}

}  // namespace

bool Device::find ()
{
    thread_ = root::find_name (name_);
    if (!thread_.is_nil ())
        return true;
    l4::ThreadId const watcher = supervisor_thread ();
    if (watcher.is_nil () || !rt::call (watcher, supervisor::Need { name_ }).ok ())
        return false;
    thread_ = root::await_name (name_);
    return !thread_.is_nil ();
}

rt::Error Device::ask (Message& message)
{
    if (thread_.is_nil () && !find ())
        return rt::Error::not_found;
    bool sent = false;
    // A driver that serves others, but not this client, has answered when nobody was listening.
    for (unsigned complaints = 0; complaints < most_complaints;) {
        auto const send = sent ? l4::SendDescriptor::nil () : message.sending ();
        rt::IpcResult const answer = rt::ipc (send, message.receiving (), thread_, patient,
                                              message.first (), message.second ());
        if (answer.dope.ok ()) {
            message.received (answer);
            return message.error ();
        }
        sent = sent || is (answer.dope, l4::IpcError::receive_timeout);
        if (!sent && !is (answer.dope, l4::IpcError::send_timeout))
            break;
        if (sent && !is (answer.dope, l4::IpcError::receive_timeout))
            break;
        complaints += complain (thread_) ? 0 : 1;
    }
    thread_ = l4::ThreadId::nil ();
    return rt::Error::unavailable;
}

}  // namespace drivers
