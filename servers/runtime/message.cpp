// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/message.hpp>

#include <l4/ipc.hpp>

namespace rt {

namespace {

/// A receive from a thread that is gone would wait forever, so it looks again now and then: an id
/// that names nothing is an error at once.
constexpr l4::Timeout look_again = l4::Timeout::at_least (250'000);
constexpr l4::Timeouts patient { l4::Timeout::never (), look_again };

[[nodiscard]] bool must_look_again (l4::MessageDope dope)
{
    return dope.error () == static_cast<Word> (l4::IpcError::receive_timeout);
}

}  // namespace

IpcResult call (l4::ThreadId server, MessageBuffer& message)
{
    IpcResult result = ipc (message.sending (), message.receiving (), server, patient,
                            message.words[0], message.words[1]);
    while (must_look_again (result.dope))
        result = ipc (l4::SendDescriptor::nil (), message.receiving (), server, patient);
    message.received (result);
    return result;
}

IpcResult call_living (l4::ThreadId server, Words words, Window window)
{
    IpcResult result {};
    do
        result = call (server, words, patient, window);
    while (must_look_again (result.dope));
    return result;
}

}  // namespace rt
