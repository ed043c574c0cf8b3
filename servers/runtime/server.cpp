// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/server.hpp>

namespace rt {

namespace {

constexpr l4::Timeouts serving { l4::Timeout::zero (), l4::Timeout::never (),
                                 l4::PageFaultTimeout::zero (), l4::PageFaultTimeout::zero () };

}  // namespace

IpcResult wait (MessageBuffer& message)
{
    IpcResult const result = ipc (l4::SendDescriptor::nil (), message.receiving ().open (),
                                  l4::ThreadId::nil (), serving);
    message.received (result);
    return result;
}

IpcResult answer_and_wait (l4::ThreadId client, Answer& answer, MessageBuffer& message)
{
    auto const send = answer.kind == Answer::Kind::mapping ? l4::SendDescriptor::short_fpage ()
                                                           : answer.message.sending ();
    IpcResult const result = ipc (send, message.receiving ().open (), client, serving,
                                  answer.message.words[0], answer.message.words[1]);
    message.received (result);
    return result;
}

}  // namespace rt
