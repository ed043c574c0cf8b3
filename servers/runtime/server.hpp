// SPDX-License-Identifier: BSD-2-Clause
/// @file  The loop of a server: wait, let a handler answer, answer and wait.
///
/// A server waits for nobody: answers have a send timeout of zero, and a message whose memory is
/// not there is not fetched (page fault timeouts of zero).
#pragma once

#include <runtime/message.hpp>

namespace rt {

/// A message as it arrived.
struct Incoming {
    l4::ThreadId client;
    MessageBuffer const& message;

    [[nodiscard]] Word operation () const { return message.words[0]; }
    [[nodiscard]] Words words () const { return { message.words[0], message.words[1] }; }

    /// The request behind the operation. @return false: too short
    template <typename Request>
    [[nodiscard]] bool read (Request& request) const { return message.get (request); }
};

/// What goes back.
class Answer {
public:
    /// The client stays where it is.
    [[nodiscard]] static Answer nothing () { return Answer { Kind::nothing }; }

    [[nodiscard]] static Answer error (Error error)
    {
        Answer answer { Kind::words };
        answer.message.put (static_cast<Word> (error), Nothing {});
        return answer;
    }

    template <Payload T>
    [[nodiscard]] static Answer of (T const& payload)
    {
        Answer answer { Kind::words };
        answer.message.put (static_cast<Word> (Error::none), payload);
        return answer;
    }

    /// Success without a payload, or failure.
    [[nodiscard]] static Answer done () { return error (Error::none); }

    template <Payload T>
    [[nodiscard]] static Answer of (Reply<T> const& reply)
    {
        return reply.ok () ? of (reply.value) : error (reply.error);
    }

    /// Two words of no particular type.
    [[nodiscard]] static Answer words (Word w0, Word w1)
    {
        Answer answer { Kind::words };
        answer.message.put (w0, w1);
        return answer;
    }

    [[nodiscard]] static Answer mapping (Word send_base, l4::Fpage fpage)
    {
        Answer answer { Kind::mapping };
        answer.message.words[0] = send_base;
        answer.message.words[1] = fpage.raw ();
        return answer;
    }

    enum class Kind { nothing, words, mapping };

    Kind kind;
    MessageBuffer message {};

private:
    explicit Answer (Kind k) : kind { k } {}
};

/// Send `answer` and wait for the next message, whoever sends it, into `message`.
IpcResult answer_and_wait (l4::ThreadId client, Answer& answer, MessageBuffer& message);
IpcResult wait (MessageBuffer& message);

/// Serve forever. @param handle  Answer handle (Incoming const&)
template <typename Handler>
[[noreturn]] void serve (Handler&& handle)
{
    MessageBuffer message;
    IpcResult request = wait (message);
    for (;;) {
        if (!request.dope.ok ()) {
            request = wait (message);
            continue;
        }
        Answer answer = handle (Incoming { request.source, message });
        request = answer.kind == Answer::Kind::nothing
                      ? wait (message)
                      : answer_and_wait (request.source, answer, message);
    }
}

}  // namespace rt
