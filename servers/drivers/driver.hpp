// SPDX-License-Identifier: BSD-2-Clause
/// @file  The life of a driver: it makes its name known, says that it lives, and serves requests
///        and interrupts in one loop.
///
/// A `Driver` has
///     bool handle (l4::ThreadId client, Message& message)
///         the request in, the answer out; false: the answer comes later, by `answer`
///     void interrupt ()
///         its line has fired
///     void idle ()        if it wants to know
///         nothing has come for the time between two heartbeats
///     bool waits ()       if it keeps clients waiting for its device
///         whether some wait now: they have no reason to complain
///
/// A driver has one thread. It waits for nobody but its device, and for that in pieces, so that
/// its heartbeat goes on. It writes nothing but its own memory: when it dies, its next life finds
/// the device in whatever state it is and resets it.
#pragma once

#include <root/protocol.hpp>
#include <runtime/kip.hpp>
#include <supervisor/protocol.hpp>

#include "line.hpp"
#include "message.hpp"

namespace drivers {

/// Exit statuses of drivers.
constexpr int status_not_mine = 1;          ///< the name, the line or the ports are somebody else's
constexpr int status_no_device = 3;

class Heartbeat {
public:
    static constexpr l4::Timeout period = l4::Timeout::at_least (supervisor::beat_period);

    /// Find out who listens. Without a supervisor nobody does.
    void start () { supervisor_ = root::find_name (supervisor::name); }

    /// @param patience  the supervisor may be about to listen; mostly it does
    void beat (bool waits = false, l4::Timeout patience = l4::Timeout::zero ())
    {
        next_ = rt::clock () + supervisor::beat_period;
        Word const condition = supervisor::Condition { waits, served_ }.raw ();
        rt::send (supervisor_, { supervisor::beat, condition },
                  { patience, l4::Timeout::zero () });
    }

    /// For whoever comes here more often than that.
    void beat_if_due (bool waits = false)
    {
        if (rt::clock () >= next_)
            beat (waits);
    }

    /// A request is through. A busy driver has no pauses to beat in.
    void served ()
    {
        ++served_;
        beat_if_due ();
    }

private:
    l4::ThreadId supervisor_ {};
    std::uint64_t next_ { 0 };
    Word served_ { 0 };
};

/// Make this thread known under the program's name, and begin to beat.
[[nodiscard]] inline bool begin (Heartbeat& heartbeat)
{
    bool const bound
        = rt::call (root::service (), root::BindName { rt::info_page ().name () }).ok ();
    heartbeat.start ();
    heartbeat.beat (false, Heartbeat::period);
    return bound;
}

/// A client's answer that comes when it is ready.
/// @return false: the client does not wait just now. It may be on its way back from a complaint:
///         try again after a while, but not for ever
[[nodiscard]] inline bool answer (l4::ThreadId client, Message& message)
{
    constexpr l4::Timeouts at_once { l4::Timeout::zero (), l4::Timeout::zero (),
                                     l4::PageFaultTimeout::zero (),
                                     l4::PageFaultTimeout::zero () };
    l4::MessageDope const sent
        = rt::ipc (message.sending (), l4::ReceiveDescriptor::nil (), client, at_once,
                   message.first (), message.second ()).dope;
    return sent.error () != static_cast<Word> (l4::IpcError::send_timeout);
}

constexpr Word most_answers = 20;           ///< tries, once in the time between two heartbeats

/// Serve forever. The memory of `message`'s bytes must have been written once: nobody waits for
/// a page fault there. @param line  `Line::none ()` if there is none
template <typename Driver>
[[noreturn]] void serve (Driver& driver, Message& message, Line const& line, Heartbeat& heartbeat)
{
    constexpr l4::Timeouts serving { l4::Timeout::zero (), Heartbeat::period,
                                     l4::PageFaultTimeout::zero (),
                                     l4::PageFaultTimeout::zero () };
    auto send = l4::SendDescriptor::nil ();
    l4::ThreadId client {};
    for (;;) {
        rt::IpcResult const next = rt::ipc (send, message.receiving ().open (), client, serving,
                                            message.first (), message.second ());
        send = l4::SendDescriptor::nil ();
        if (next.dope.error () == static_cast<Word> (l4::IpcError::receive_timeout)) {
            if constexpr (requires { driver.waits (); })
                heartbeat.beat (driver.waits ());
            else
                heartbeat.beat ();
            if constexpr (requires { driver.idle (); })
                driver.idle ();
        }
        if (!next.dope.ok ())
            continue;
        if (line.is (next.source)) {
            driver.interrupt ();
            continue;
        }
        client = next.source;
        message.received (next);
        if (driver.handle (client, message))
            send = message.sending ();
        heartbeat.served ();
    }
}

}  // namespace drivers
