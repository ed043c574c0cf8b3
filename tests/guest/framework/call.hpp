// SPDX-License-Identifier: BSD-2-Clause
/// @file  Calls of a server that waits, without limits of time: what a kernel has fast paths for.
#pragma once

#include "message.hpp"

namespace guest {

constexpr Word two_words = 0x00004000;                   ///< dope of a register message
constexpr rt::Words question { 0x0BADF00D, 0x5EED5EED };

/// Waits, answers with the dope it got and w0 + w1, and waits again, without limits of time.
struct CallServer {
    l4::ReceiveDescriptor receive { l4::ReceiveDescriptor::registers () };
    l4::SendDescriptor answer { l4::SendDescriptor::registers () };
    unsigned volatile served { 0 };
    Word volatile last_dope { 0 };

    static void run (void* server)
    {
        auto& self = *static_cast<CallServer*> (server);
        for (rt::IpcResult r = self.wait ();;) {
            self.last_dope = r.dope.raw ();
            self.served = self.served + r.dope.ok ();
            if (r.dope.ok ())
                r = rt::ipc (self.answer, self.receive.open (), r.source, rt::reply_timeouts,
                             r.dope.raw (), r.w0 + r.w1);
            else
                r = self.wait ();
        }
    }
    [[nodiscard]] rt::IpcResult wait () const
    {
        return rt::ipc (l4::SendDescriptor::nil (), receive.open (), {}, l4::Timeouts::never ());
    }
};

/// Without limits of time, as the fast paths want it.
[[nodiscard]] inline rt::IpcResult call (l4::ThreadId server, l4::SendDescriptor send,
                                         l4::ReceiveDescriptor receive
                                         = l4::ReceiveDescriptor::registers ())
{
    return rt::ipc (send, receive, server, l4::Timeouts::never (), question.w0, question.w1);
}

[[nodiscard]] inline rt::IpcResult call (l4::ThreadId server)
{
    return call (server, l4::SendDescriptor::registers ());
}

inline void check_answer (rt::IpcResult const& answer, Word dope_at_server)
{
    CHECK_EQUAL (answer.dope.raw (), two_words);
    CHECK_EQUAL (answer.w0, dope_at_server);
    CHECK_EQUAL (answer.w1, question.w0 + question.w1);
}

/// A server that waits.
inline Partner& start_server (CallServer& server, Space space = Space::other)
{
    Partner& partner = start_in (space, CallServer::run, &server);
    settle ();
    return partner;
}

inline void mark_words (Message& message, unsigned dwords, Word seed)
{
    for (unsigned n = 2; n < dwords; ++n)
        message.word (n) = n * 0x01010101 + seed;
}

[[nodiscard]] inline bool has_marks (Message& message, unsigned from, unsigned to, Word seed)
{
    for (unsigned n = from; n < to; ++n)
        if (message.word (n) != n * 0x01010101 + seed)
            return false;
    return true;
}

/// A call by a thread of the partner task, of a server of the test program's.
struct CallClient {
    l4::ThreadId server;
    l4::SendDescriptor send;
    l4::ReceiveDescriptor receive { l4::ReceiveDescriptor::registers () };
    rt::IpcResult result { l4::MessageDope { ~Word { 0 } }, 0, 0, {}, {} };

    static void run (void* client)
    {
        auto& self = *static_cast<CallClient*> (client);
        self.result = call (self.server, self.send, self.receive);
    }
    [[nodiscard]] rt::IpcResult perform ()
    {
        Partner& partner = partner_task ().start (run, this);
        CHECK (partner.finish ());
        partner.release ();
        return result;
    }
};

}  // namespace guest
