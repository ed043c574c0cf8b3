// SPDX-License-Identifier: BSD-2-Clause
/// @file  Strings: copied out of place, gathered and scattered.
#include <framework/bytes.hpp>
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>

using namespace guest;

namespace {

constexpr unsigned most_strings = 31;
constexpr unsigned dwords = 4;

Word out_memory[Message::words (8, most_strings + 1)];
Word in_memory[Message::words (8, most_strings + 1)];

/// Two areas of 16 KB: what is sent, and where it goes.
struct Areas {
    Address source { take_pages (l4::page_bits + 2) };
    Address target { take_pages (l4::page_bits + 2) };

    static constexpr unsigned size = 0x4000;

    Areas ()
    {
        fill_bytes (source, size, 1);
        clear_bytes (target, size);
    }
};

void send_string (Message& message, unsigned n, Address address, Word size)
{
    message.string (n).send_address = address;
    message.string (n).send_size = size;
}

void receive_string (Message& message, unsigned n, Address address, Word size)
{
    message.string (n).receive_address = address;
    message.string (n).receive_size = size;
}

/// One string of `size` bytes between the areas, shifted by a few bytes at either end.
void send_one (Space space, Word size, Address from_shift, Address to_shift)
{
    Areas const areas;
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, areas.source + from_shift, size);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, areas.target + to_shift, Areas::size - to_shift);
    check_arrived (transfer (out.sending (), in.receiving (), space), dwords, 1);
    CHECK (same_bytes (areas.target + to_shift, areas.source + from_shift, size));
    CHECK (clear (areas.target, to_shift));
    CHECK (clear (areas.target + to_shift + size, Areas::size - to_shift - size));
    CHECK_EQUAL (in.string (0).send_size, size);
    CHECK_EQUAL (in.string (0).send_address, areas.target + to_shift);
    CHECK_EQUAL (in.string (0).receive_size, Areas::size - to_shift);
    reset_pages ();
}

}  // namespace

TEST_CASE ("STR-001", "5,000 bytes arrive within a task", "V2-151 V2-164 V2-061")
{
    send_one (Space::own, 5000, 0, 0);
}

TEST_CASE ("STR-002", "5,000 bytes arrive in another task", "V2-151 V2-061")
{
    send_one (Space::other, 5000, 0, 0);
}

TEST_CASE ("STR-003", "addresses and sizes need no alignment", "V2-151 V2-061")
{
    for (Address shift = 0; shift < 4; ++shift)
        for (Word size : { 1u, 2u, 3u, 5u, 4093u, 4097u, 8191u })
            send_one (Space::other, size, shift + 1, 3 - shift);
}

TEST_CASE ("STR-004", "a string that is too long fills its buffer and is cut", "V2-152 V2-069")
{
    Areas const areas;
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, areas.source, 5000);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, areas.target, 4999);
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.dope.dwords (), dwords);
    CHECK (same_bytes (areas.target, areas.source, 4999));
    CHECK (clear (areas.target + 4999, 100));
}

TEST_CASE ("STR-005", "strings without a place are cut, the others arrive", "V2-153 V2-069")
{
    Areas const areas;
    Message out { out_memory, dwords, 3 };
    for (unsigned i = 0; i < 3; ++i)
        send_string (out, i, areas.source + 100 * i, 100);
    Message in { in_memory, dwords, 2 };
    for (unsigned i = 0; i < 2; ++i)
        receive_string (in, i, areas.target + 200 * i, 200);
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.dope.strings (), 2u);
    for (unsigned i = 0; i < 2; ++i)
        CHECK (same_bytes (areas.target + 200 * i, areas.source + 100 * i, 100));
}

TEST_CASE ("STR-006", "each side has its dopes behind its own dwords", "V2-154 V2-057")
{
    Areas const areas;
    Message out { out_memory, 8, 1 };
    out.send_only (2, 1);
    send_string (out, 0, areas.source, 300);
    Message in { in_memory, 3, 1 };
    receive_string (in, 0, areas.target, 300);
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), 2, 1);
    CHECK (same_bytes (areas.target, areas.source, 300));
    CHECK_EQUAL (in.word (2), 0u);
}

TEST_CASE ("STR-007", "parts with the continuation bit arrive as one string", "V2-155 V2-060")
{
    Areas const areas;
    Message out { out_memory, dwords, 3 };
    send_string (out, 0, areas.source + 1000, 300);
    send_string (out, 1, areas.source, 500 | l4::StringDope::continues);
    send_string (out, 2, areas.source + 2000, 7 | l4::StringDope::continues);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, areas.target, 1000);
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), dwords, 1);
    CHECK (same_bytes (areas.target, areas.source + 1000, 300));
    CHECK (same_bytes (areas.target + 300, areas.source, 500));
    CHECK (same_bytes (areas.target + 800, areas.source + 2000, 7));
    CHECK_EQUAL (in.string (0).send_size, 807u);
}

TEST_CASE ("STR-008", "a string fills several buffers, one after the other", "V2-155 V2-061")
{
    Areas const areas;
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, areas.source, 800);
    Message in { in_memory, dwords, 3 };
    receive_string (in, 0, areas.target + 2000, 300);
    receive_string (in, 1, areas.target, 600 | l4::StringDope::continues);
    receive_string (in, 2, areas.target + 3000, 100 | l4::StringDope::continues);
    in.string (2).send_size = 0x600D;
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    CHECK_EQUAL (t.sender.raw (), 0u);
    CHECK (same_bytes (areas.target + 2000, areas.source, 300));
    CHECK (same_bytes (areas.target, areas.source + 300, 500));
    CHECK_EQUAL (in.string (0).send_size, 300u);
    CHECK_EQUAL (in.string (1).send_size, 500 | l4::StringDope::continues);
    CHECK_EQUAL (in.string (2).send_size, 0 | l4::StringDope::continues);
    CHECK_EQUAL (in.string (1).send_address, areas.target);
}

TEST_CASE ("STR-009", "gathering and scattering do not depend on each other", "V2-060 V2-061")
{
    Areas const areas;
    Message out { out_memory, dwords, 4 };
    send_string (out, 0, areas.source, 100);
    send_string (out, 1, areas.source + 1000, 250 | l4::StringDope::continues);
    send_string (out, 2, areas.source + 2000, 50);
    send_string (out, 3, areas.source + 3000, 50 | l4::StringDope::continues);
    Message in { in_memory, dwords, 3 };
    receive_string (in, 0, areas.target, 175);
    receive_string (in, 1, areas.target + 1000, 175 | l4::StringDope::continues);
    receive_string (in, 2, areas.target + 2000, 100);
    CHECK_EQUAL (transfer (out.sending (), in.receiving (), Space::other).sender.raw (), 0u);
    CHECK (same_bytes (areas.target, areas.source, 100));
    CHECK (same_bytes (areas.target + 100, areas.source + 1000, 75));
    CHECK (same_bytes (areas.target + 1000, areas.source + 1075, 175));
    CHECK (same_bytes (areas.target + 2000, areas.source + 2000, 50));
    CHECK (same_bytes (areas.target + 2050, areas.source + 3000, 50));
}

TEST_CASE ("STR-010", "31 strings arrive", "V2-156 V2-012")
{
    Areas const areas;
    Message out { out_memory, dwords, most_strings };
    Message in { in_memory, dwords, most_strings };
    for (unsigned i = 0; i < most_strings; ++i) {
        send_string (out, i, areas.source + 111 * i, i + 1);
        receive_string (in, i, areas.target + 100 * i, 100);
    }
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), dwords, most_strings);
    for (unsigned i = 0; i < most_strings; ++i)
        CHECK (same_bytes (areas.target + 100 * i, areas.source + 111 * i, i + 1));
}

TEST_CASE ("STR-011", "a string of no bytes uses up a place and is counted", "V2-157 V2-070")
{
    Areas const areas;
    Message out { out_memory, dwords, 2 };
    send_string (out, 0, areas.source, 0);
    send_string (out, 1, areas.source, 10);
    Message in { in_memory, dwords, 2 };
    in.string (0).send_size = 0x600D;
    receive_string (in, 0, areas.target, 100);
    receive_string (in, 1, areas.target + 100, 100);
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), dwords, 2);
    CHECK_EQUAL (in.string (0).send_size, 0u);
    CHECK (same_bytes (areas.target + 100, areas.source, 10));
    CHECK (clear (areas.target, 100));
}

TEST_CASE ("STR-012", "after cut words no string is transferred", "V2-069 V2-145")
{
    Areas const areas;
    Message out { out_memory, 8, 1 };
    send_string (out, 0, areas.source, 100);
    Message in { in_memory, 6, 1 };
    receive_string (in, 0, areas.target, 100);
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.dope.dwords (), 6u);
    CHECK_EQUAL (t.receiver.dope.strings (), 0u);
    CHECK (clear (areas.target, 100));
}

TEST_CASE ("STR-013", "strings beyond 3 GB abort both sides", "V2-158 V2-283")
{
    Areas const areas;
    constexpr Address bad[] = { 0xBFFFFFF0, 0xC0000000, 0xE0000000, 0xF0100000, 0xFFFFFFF0 };
    for (Address address : bad)
        for (bool sender : { true, false }) {
            Message out { out_memory, dwords, 1 };
            send_string (out, 0, sender ? address : areas.source, 100);
            Message in { in_memory, dwords, 1 };
            receive_string (in, 0, sender ? areas.target : address, 100);
            check_failed (transfer (out.sending (), in.receiving (), Space::other),
                          l4::IpcError::receive_aborted);
        }
    CHECK (clear (areas.target, 100));
}

TEST_CASE ("STR-014", "sizes above 4 MB count as 4 MB", "V2-059 V2-152")
{
    Areas const areas;
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, areas.source, 0x7FFFFFFF);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, areas.target, 50);
    check_failed (transfer (out.sending (), in.receiving (), Space::other),
                  l4::IpcError::receive_cut);
    CHECK (same_bytes (areas.target, areas.source, 50));
    CHECK (clear (areas.target + 50, 50));
}

TEST_CASE ("STR-015", "a received message can be sent on", "V2-061 V2-057")
{
    Areas const areas;
    Message out { out_memory, dwords, 1 };
    out.word (2) = 0x12341234;
    send_string (out, 0, areas.source, 1234);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, areas.target, 2000);
    Transfer const first = transfer (out.sending (), in.receiving (), Space::other);
    check_arrived (first, dwords, 1);
    in.send_dope () = first.receiver.dope.raw ();
    Message last { out_memory, dwords, 1 };
    receive_string (last, 0, areas.target + 0x2000, 2000);
    check_arrived (transfer (in.sending (), last.receiving (), Space::own), dwords, 1);
    CHECK_EQUAL (last.word (2), 0x12341234u);
    CHECK (same_bytes (areas.target + 0x2000, areas.source, 1234));
}

TEST_CASE ("STR-016", "a string crosses borders of 4 MB on both sides", "V2-150 V2-151")
{
    Straddle const from = straddle (0);
    Straddle const to = straddle (1);
    constexpr Address into = 1000;
    constexpr Word size = 2100;
    fill_bytes (from.own - l4::page_size, 2 * l4::page_size, 5);
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, from.border - into, size);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, to.border - into - 3, size);
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = in.receiving ().open ();
    Partner& receiving = partner_task (1).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), transfer_words, bounded);
    sender.send = out.sending ();
    REQUIRE (partner_task (0).start (exchange, &sender).finish () && receiving.finish ());
    CHECK_EQUAL (receiver.result.dope, (l4::MessageDope { dwords, 1 }));
    CHECK (same_bytes (to.own - into - 3, from.own - into, size));
}

TEST_CASE ("STR-017", "pages that are missing on the way are brought by the pager",
           "V2-159 V2-160 V2-151")
{
    Areas const areas;
    Address const window = fresh_window (l4::page_bits + 2);
    Message out { out_memory, dwords, 1 };
    send_string (out, 0, areas.source, 3 * l4::page_size);
    Message in { in_memory, dwords, 1 };
    receive_string (in, 0, window + 100, 3 * l4::page_size);
    check_arrived (transfer (out.sending (), in.receiving (), Space::other), dwords, 1);
    // Four pages were missing; the framework's pager maps the same spare page for all of them.
    CHECK_EQUAL (window_faults (), 4u);
    for (unsigned i = 0; i < window_faults (); ++i)
        CHECK_EQUAL (window_fault (i).w0 & 2, 2u);
}

TEST_CASE ("STR-018", "overlapping strings harm nobody", "V2-282")
{
    Areas const areas;
    for (int shift : { -1, 1, 64, -64, 0 }) {
        Message out { out_memory, dwords, 1 };
        send_string (out, 0, areas.source + 0x1000, 0x1000);
        Message in { in_memory, dwords, 1 };
        receive_string (in, 0, areas.source + 0x1000 + static_cast<Address> (shift), 0x1000);
        check_arrived (transfer (out.sending (), in.receiving (), Space::own), dwords, 1);
    }
}

TEST_CASE ("STR-019", "a buffer that is the message itself harms nobody", "V2-282")
{
    // The first string overwrites the dope of the second, whose buffer is then anywhere. In the
    // partner task that is a fault which the framework's pager can answer.
    Areas const areas;
    Message out { out_memory, dwords, 2 };
    send_string (out, 0, areas.source, 200);
    send_string (out, 1, areas.source, 200);
    Message in { in_memory, dwords, 2 };
    receive_string (in, 0, reinterpret_cast<Address> (in_memory), sizeof in_memory);
    receive_string (in, 1, areas.target, 200);
    Transfer const t = transfer (out.sending (), in.receiving (), Space::other);
    CHECK (t.received);
    CHECK_EQUAL (l4::sender_code (static_cast<l4::IpcError> (t.receiver.dope.error ())),
                 t.sender.error ());
}
