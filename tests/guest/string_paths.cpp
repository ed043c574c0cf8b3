// SPDX-License-Identifier: BSD-2-Clause
/// @file  Strings in calls of a server that waits: what a kernel has a fast path for, at its edges.
///
/// Nothing here may depend on a path: the suite runs with and without them, and both reports must
/// be equal.
#include <framework/bytes.hpp>
#include <framework/call.hpp>
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>

using namespace guest;
using l4::IpcError;

namespace {

constexpr unsigned most_dwords = 80, most_strings = 3;

Word out_memory[Message::words (most_dwords, most_strings)];
Word in_memory[Message::words (most_dwords, most_strings)];

/// A string of the caller's, a buffer of the server's, and the messages that name them.
struct StringCall {
    unsigned dwords { 2 };              ///< that are sent, behind which the string's dope lies
    unsigned room_dwords { 2 };         ///< of the server's message
    Address source {};
    Word size {};
    Address target {};                  ///< in the server's space
    Address seen_target {};             ///< the same memory, in the caller's
    Word room {};

    [[nodiscard]] Message out () const { return { out_memory, dwords, 1 }; }
    [[nodiscard]] Message in () const { return { in_memory, room_dwords, 1 }; }

    [[nodiscard]] Message prepare_out () const
    {
        Message message = out ();
        message.string (0) = { size, source, 0, 0 };
        mark_words (message, dwords, 1);
        return message;
    }
    [[nodiscard]] Message prepare_in () const
    {
        Message message = in ();
        message.string (0) = { 0, 0, room, target };
        return message;
    }
    /// Make the call; the string arrives.
    void check (Partner& server) const
    {
        Message sent = prepare_out ();
        Message received = prepare_in ();
        clear_bytes (seen_target, size);
        check_answer (call (server.id (), sent.sending ()), l4::MessageDope { dwords, 1 }.raw ());
        CHECK (same_bytes (seen_target, source, size));
        CHECK (has_marks (received, 2, dwords, 1));
        CHECK_EQUAL (received.string (0).send_size, size);
        CHECK_EQUAL (received.string (0).send_address, target);
        CHECK_EQUAL (received.string (0).receive_size, room);
        CHECK_EQUAL (received.string (0).receive_address, target);
    }
    /// Make the call; it ends with `code` at the server, and with the like here.
    void check_fails (Partner& server, CallServer const& record, IpcError code) const
    {
        Message sent = prepare_out ();
        static_cast<void> (prepare_in ());
        CHECK_EQUAL (call (server.id (), sent.sending ()).dope.raw (), l4::sender_code (code));
        rt::thread_switch (server.id ());
        CHECK_EQUAL (record.last_dope & 0xF0, static_cast<Word> (code));
    }
};

constexpr unsigned log2_area = l4::page_bits + 5;       ///< 128 KB
constexpr Word area_size = 1U << log2_area;

/// Two areas that both tasks see at the same addresses.
[[nodiscard]] StringCall in_areas ()
{
    Address const source = take_pages (log2_area), target = take_pages (log2_area);
    fill_bytes (source, area_size, 3);
    clear_bytes (target, area_size);
    return { .source = source, .target = target, .seen_target = target };
}

[[nodiscard]] CallServer string_server () { return { StringCall {}.in ().receiving () }; }

}  // namespace

TEST_CASE ("SPA-001", "strings of many sizes and alignments arrive, and nothing beside them",
           "V2-151 V2-061 V2-057")
{
    for (Space space : { Space::own, Space::other }) {
        CallServer server = string_server ();
        Partner& partner = start_server (server, space);
        StringCall const areas = in_areas ();
        for (Word size : { 1u, 2u, 3u, 4u, 5u, 64u, 2047u, 2048u, 2049u, 2052u, 4096u, 6145u })
            for (Address shift : { 0u, 1u, 2u, 3u }) {
                StringCall order = areas;
                order.source += shift;
                order.target += 4 + (shift ^ 1);
                order.seen_target = order.target;
                order.size = size;
                order.room = size + shift;
                order.check (partner);
                CHECK (clear (areas.target, 4 + (shift ^ 1)));
                CHECK (clear (order.target + size, 40));
                clear_bytes (areas.target, size + 8);
            }
        partner.release ();
        reset_pages ();
    }
}

TEST_CASE ("SPA-002", "long strings arrive, however many ticks that takes", "V2-151 V2-059")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    StringCall order = in_areas ();
    for (Word size : { 65535u, 65536u, 65537u, 131072u })
        for (unsigned n = 0; n < 4; ++n) {
            order.size = size;
            order.room = area_size;
            order.check (partner);
        }
}

TEST_CASE ("SPA-003", "words go with a string, and each side has its dope behind its own",
           "V2-154 V2-057 V2-069")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    StringCall order = in_areas ();
    order.size = order.room = 777;
    for (unsigned dwords : { 2u, 3u, 10u, 63u, 64u, 65u, 80u })
        for (unsigned more : { 0u, 1u, 40u })
            if (dwords + more <= most_dwords) {
                order.dwords = dwords;
                order.room_dwords = dwords + more;
                order.check (partner);
            }
    order.dwords = 4;
    order.room_dwords = 3;                      // cut before the string
    order.check_fails (partner, server, IpcError::receive_cut);
    CHECK_EQUAL (server.last_dope, (l4::MessageDope { 3, 0 }.raw ())
                                       | static_cast<Word> (IpcError::receive_cut));
}

TEST_CASE ("SPA-004", "a string fits its buffer, or is cut", "V2-152 V2-069")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    StringCall order = in_areas ();
    order.size = order.room = 1000;
    order.check (partner);
    order.room = 999;
    order.check_fails (partner, server, IpcError::receive_cut);
    CHECK_EQUAL (server.last_dope, (l4::MessageDope { 2, 1 }.raw ())
                                       | static_cast<Word> (IpcError::receive_cut));
    CHECK (same_bytes (order.target, order.source, 999));
}

TEST_CASE ("SPA-005", "strings of several parts, more and fewer strings", "V2-060 V2-061 V2-070")
{
    constexpr Word more = l4::StringDope::continues;
    StringCall const order = in_areas ();
    struct {
        unsigned sent, places;                  // dopes on both sides
        Word second_part, second_buffer;        // their sizes
        Word first_arrives, second_arrives;
        unsigned strings;                       // counted by the receiver
    } const cases[] = {
        { 2, 1, more | 50, 0, 150, 0, 1 },      // two parts into one buffer
        { 2, 2, more | 50, 100, 150, 0, 1 },    // the second buffer is not used
        { 1, 2, 0, more | 100, 100, 0, 2 },     // one buffer of two parts, the second stays empty
        { 2, 2, 50, 100, 100, 50, 2 },          // two strings
        { 1, 2, 0, 100, 100, 0, 1 },            // one for two places
        { 0, 1, 0, 0, 0, 0, 0 },                // none for one
    };
    for (auto const& c : cases) {
        CallServer server { Message { in_memory, 2, c.places }.receiving () };
        Partner& partner = start_server (server);
        Message out { out_memory, 2, c.sent }, in { in_memory, 2, c.places };
        clear_bytes (order.target, 300);
        out.string (0) = { 100, order.source, 0, 0 };
        out.string (1) = { c.second_part, order.source + 100, 0, 0 };
        out.send_only (2, c.sent);
        in.string (0) = { 0, 0, 200, order.target };
        if (c.places > 1)
            in.string (1) = { 0, 0, c.second_buffer, order.target + 200 };
        check_answer (call (partner.id (), out.sending ()),
                      l4::MessageDope { 2, c.strings }.raw ());
        CHECK (same_bytes (order.target, order.source, c.first_arrives));
        CHECK (same_bytes (order.target + 200, order.source + 100, c.second_arrives));
        if (c.strings != 0)
            CHECK_EQUAL (in.string (0).send_size, c.first_arrives);
        partner.release ();
    }
}

TEST_CASE ("SPA-006", "a buffer far from its message, and across a border of 4 MB",
           "V2-150 V2-151 V2-061")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    Straddle const pages = straddle (0);
    StringCall order = in_areas ();
    order.size = order.room = 3000;
    for (Word before : { 2000u, 1500u, 0u }) {
        order.target = pages.border - before;
        order.seen_target = pages.own - before;
        order.check (partner);
    }
    CHECK_EQUAL (window_faults (), 0u);
    take_back (pages.own);
    order.target = pages.border - 1000;
    Message sent = order.prepare_out ();
    Message received = order.prepare_in ();
    check_answer (call (partner.id (), sent.sending ()), l4::MessageDope { 2, 1 }.raw ());
    CHECK_EQUAL (received.string (0).send_size, 3000u);
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, pages.border | 2);
}

TEST_CASE ("SPA-007", "pages of strings and buffers that are missing are fetched",
           "V2-160 V2-159 V2-077 V2-151")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    StringCall order = in_areas ();
    order.size = order.room = 5000;
    Address const own = take_pages (), there = fresh_window ();
    map_page (own, there);
    order.target = there;                       // the second page is missing
    Message sent = order.prepare_out ();
    Message received = order.prepare_in ();
    check_answer (call (partner.id (), sent.sending ()), l4::MessageDope { 2, 1 }.raw ());
    CHECK (same_bytes (own, order.source, l4::page_size));
    CHECK_EQUAL (received.string (0).send_size, 5000u);
    CHECK_EQUAL (received.string (0).send_address, there);
    REQUIRE_EQUAL (window_faults (), 1u);
    CHECK_EQUAL (window_fault (0).w0, (there + l4::page_size) | 2);

    Address const read_only = fresh_window ();
    map_page (order.source, read_only, 0, l4::Access::read_only);
    order.target = read_only;
    order.size = order.room = 100;
    sent = order.prepare_out ();
    received = order.prepare_in ();
    check_answer (call (partner.id (), sent.sending ()), l4::MessageDope { 2, 1 }.raw ());
    REQUIRE_EQUAL (window_faults (), 2u);
    CHECK_EQUAL (window_fault (1).w0, read_only | 2);
}

TEST_CASE ("SPA-008", "strings and buffers end at 3 GB", "V2-158 V2-283")
{
    CallServer server = string_server ();
    Partner& partner = start_server (server);
    StringCall order = in_areas ();
    order.size = order.room = 100;
    StringCall wrong = order;
    for (Address beyond : { l4::user_limit - 50, l4::user_limit, 0xFFFFFFF0u }) {
        wrong = order;
        wrong.source = beyond;
        wrong.check_fails (partner, server, IpcError::receive_aborted);
        wrong = order;
        wrong.target = beyond;
        wrong.check_fails (partner, server, IpcError::receive_aborted);
    }
    constexpr Address last = l4::user_limit - l4::page_size;
    Address const own = take_pages ();
    map_page (own, last);
    order.target = l4::user_limit - 100;
    order.seen_target = own + l4::page_size - 100;
    order.check (partner);
    take_back (own);
}

TEST_CASE ("SPA-009", "answers carry strings, too", "V2-051 V2-151 V2-061")
{
    StringCall order = in_areas ();
    order.size = order.room = 300;
    for (Space space : { Space::own, Space::other }) {
        CallServer server { l4::ReceiveDescriptor::registers (), order.prepare_out ().sending () };
        Partner& partner = start_server (server, space);
        Message received = order.prepare_in ();
        clear_bytes (order.target, 300);
        rt::IpcResult const answer = call (partner.id (), l4::SendDescriptor::registers (),
                                           received.receiving ());
        CHECK_EQUAL (answer.dope, (l4::MessageDope { 2, 1 }));
        CHECK (same_bytes (order.target, order.source, 300));
        CHECK_EQUAL (received.string (0).send_size, 300u);
        partner.release ();
    }
}
