// SPDX-License-Identifier: BSD-2-Clause
/// @file  Messages in memory.
#pragma once

#include "exchange.hpp"

namespace guest {

/// A message laid out at an address: head, words, string dopes. The memory is the caller's.
class Message {
public:
    /// Words of memory that a message takes.
    [[nodiscard]] static constexpr unsigned words (unsigned dwords, unsigned strings = 0)
    {
        return 3 + dwords + 4 * strings;
    }

    /// Room for `dwords` (w0 and w1 included) and `strings`; sends as much. All else is 0.
    Message (Word* memory, unsigned dwords, unsigned strings = 0)
        : memory_ { memory }, dwords_ { dwords }
    {
        for (unsigned i = 0; i < words (dwords, strings); ++i)
            memory[i] = 0;
        memory[1] = memory[2] = l4::MessageDope { dwords, strings }.raw ();
    }

    /// The n-th dword; the first two are the places that the kernel never touches.
    [[nodiscard]] Word& word (unsigned n) { return memory_[3 + n]; }
    [[nodiscard]] l4::StringDope& string (unsigned n)
    {
        return *reinterpret_cast<l4::StringDope*> (memory_ + 3 + dwords_ + 4 * n);
    }
    [[nodiscard]] Word& window () { return memory_[0]; }
    [[nodiscard]] Word& size_dope () { return memory_[1]; }
    [[nodiscard]] Word& send_dope () { return memory_[2]; }

    /// Send only so much of it.
    void send_only (unsigned dwords, unsigned strings = 0)
    {
        send_dope () = l4::MessageDope { dwords, strings }.raw ();
    }

    [[nodiscard]] l4::SendDescriptor sending () const { return l4::SendDescriptor { address () }; }
    /// The words are send items.
    [[nodiscard]] l4::SendDescriptor mapping () const
    {
        return l4::SendDescriptor { address () | 2 };
    }
    [[nodiscard]] l4::ReceiveDescriptor receiving () const
    {
        return l4::ReceiveDescriptor { address () };
    }

private:
    [[nodiscard]] Address address () const { return reinterpret_cast<Address> (memory_); }

    Word* memory_;
    unsigned dwords_;
};

/// What both sides of a transfer were told.
struct Transfer {
    l4::MessageDope sender;
    bool received;
    rt::IpcResult receiver;
};

constexpr rt::Words transfer_words { 0x01234567, 0x89ABCDEF };

/// The case sends `send`, a partner in `space` receives with `receive`.
[[nodiscard]] inline Transfer transfer (l4::SendDescriptor send, l4::ReceiveDescriptor receive,
                                        Space space, l4::Timeouts sender_timeouts = bounded,
                                        l4::Timeouts receiver_timeouts = bounded,
                                        rt::Words words = transfer_words)
{
    Exchange receiver = Exchange::from (rt::myself (), receiver_timeouts);
    receiver.receive = receive;
    Partner& partner = start_in (space, exchange, &receiver);
    Exchange sender = Exchange::to (partner.id (), words, sender_timeouts);
    sender.send = send;
    sender.perform ();
    bool const received = partner.finish (5000);
    partner.release ();
    return { sender.result.dope, received, receiver.result };
}

/// Nothing went wrong, and so much arrived.
inline void check_arrived (Transfer const& t, unsigned dwords, unsigned strings = 0)
{
    CHECK_EQUAL (t.sender.raw (), 0u);
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope, (l4::MessageDope { dwords, strings }));
    CHECK_EQUAL (t.receiver.w0, transfer_words.w0);
    CHECK_EQUAL (t.receiver.w1, transfer_words.w1);
}

/// Both sides have the code of their column.
inline void check_failed (Transfer const& t, l4::IpcError receiver)
{
    CHECK_EQUAL (t.sender.raw (), l4::sender_code (receiver));
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope.error (), receiver);
}

}  // namespace guest
