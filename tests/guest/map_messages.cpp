// SPDX-License-Identifier: BSD-2-Clause
/// @file  Send items in memory messages.
#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned page = l4::page_bits;

Word out_memory[Message::words (16, 1)];
Word in_memory[Message::words (16, 1)];

[[nodiscard]] rt::Words item (Address send_base, Address source,
                              l4::Access access = l4::Access::read_write)
{
    return { send_base, l4::Fpage::memory (source, page, access).raw () };
}

void put (Message& message, unsigned n, rt::Words words)
{
    message.word (2 * n) = words.w0;
    message.word (2 * n + 1) = words.w1;
}

}  // namespace

TEST_CASE ("MPM-001", "three send items of a message are mapped", "V2-175")
{
    Address const source = take_pages (page + 2);
    Address const window = fresh_window (page + 4);
    Message out { out_memory, 6 };
    put (out, 1, item (0x5000, source + 0x1000));
    put (out, 2, item (0x9000, source + 0x2000, l4::Access::read_only));
    Message in { in_memory, 6 };
    in.window () = l4::Fpage::memory (window, page + 4).raw ();
    Transfer const t = transfer (out.mapping (), in.receiving (), Space::other, bounded, bounded,
                                 item (0x2000, source));
    CHECK_EQUAL (t.sender.raw (), 0u);
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope.raw (), (l4::MessageDope { 6, 0 }.raw () | 2));
    CHECK (sees_page (window + 0x2000, source));
    CHECK (sees_page (window + 0x5000, source + 0x1000));
    CHECK (sees_page (window + 0x9000, source + 0x2000));
    CHECK (!write_in_task (window + 0x5000, 1).faulted);
    CHECK (write_in_task (window + 0x9000, 1).faulted);
}

TEST_CASE ("MPM-002", "an invalid fpage ends the items, the words behind it are data", "V2-176")
{
    Address const source = take_pages (page + 1);
    Address const window = fresh_window (page + 4);
    Message out { out_memory, 8 };
    put (out, 1, { 0xDA7A0000, 0 });
    put (out, 2, item (0x3000, source + l4::page_size));
    put (out, 3, { 0xDA7A0006, 0xDA7A0007 });
    Message in { in_memory, 8 };
    in.window () = l4::Fpage::memory (window, page + 4).raw ();
    Transfer const t = transfer (out.mapping (), in.receiving (), Space::other, bounded, bounded,
                                 item (0x1000, source));
    CHECK_EQUAL (t.sender.raw (), 0u);
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope.raw (), (l4::MessageDope { 8, 0 }.raw () | 2));
    for (unsigned n = 2; n < 8; ++n)
        CHECK_EQUAL (in.word (n), out.word (n));
    CHECK (sees_page (window + 0x1000, source));
    CHECK (sees_nothing (window + 0x3000));
}

TEST_CASE ("MPM-003", "the words of items are delivered unchanged", "V2-069 V2-175")
{
    Address const source = take_pages ();
    Message out { out_memory, 4 };
    put (out, 1, item (0xFFFFFFFF, source));
    Message in { in_memory, 4 };
    in.window () = l4::Fpage::memory (fresh_window (), page).raw ();
    Transfer const t = transfer (out.mapping (), in.receiving (), Space::other, bounded, bounded,
                                 item (0x1234, source));
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.w0, 0x1234u);
    CHECK_EQUAL (t.receiver.w1, item (0, source).w1);
    CHECK_EQUAL (in.word (2), 0xFFFFFFFFu);
    CHECK_EQUAL (in.word (3), item (0, source).w1);
}

TEST_CASE ("MPM-004", "a short fpage goes into the window of a buffer", "V2-069 V2-165")
{
    Address const source = take_pages ();
    Address const window = fresh_window ();
    Message in { in_memory, 4 };
    in.window () = l4::Fpage::memory (window, page).raw ();
    Transfer const t = transfer (l4::SendDescriptor::short_fpage (), in.receiving (), Space::other,
                                 bounded, bounded, item (0, source));
    CHECK_EQUAL (t.sender.raw (), 0u);
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope.raw (), 0x00004002u);
    CHECK (sees_page (window, source));
}

TEST_CASE ("MPM-005", "an fpage for a buffer without a window is cut", "V2-174 V2-067")
{
    Address const source = take_pages ();
    Message in { in_memory, 4 };
    Transfer const t = transfer (l4::SendDescriptor::short_fpage (), in.receiving (), Space::other,
                                 bounded, bounded, item (0x1234, source));
    check_failed (t, l4::IpcError::receive_cut);
    CHECK_EQUAL (t.receiver.w0, 0x1234u);
    CHECK_EQUAL (t.receiver.w1, item (0, source).w1);
}

TEST_CASE ("MPM-006", "items in memory for a receiver with a window alone: the first is mapped",
           "V2-069")
{
    Address const source = take_pages (page + 1);
    Address const window = fresh_window (page + 4);
    auto const receive = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (window, page + 4));
    Message two { out_memory, 2 };
    Transfer const fits = transfer (two.mapping (), receive, Space::other, bounded, bounded,
                                    item (0x1000, source));
    CHECK_EQUAL (fits.sender.raw (), 0u);
    CHECK_EQUAL (fits.receiver.dope.raw (), 0x00004002u);
    Message four { out_memory, 4 };
    put (four, 1, item (0x3000, source + l4::page_size));
    check_failed (transfer (four.mapping (), receive, Space::other, bounded, bounded,
                            item (0x2000, source)), l4::IpcError::receive_cut);
    CHECK (sees_page (window + 0x1000, source));
    CHECK (sees_page (window + 0x2000, source));
    CHECK (sees_nothing (window + 0x3000));
    check_failed (transfer (two.mapping (), l4::ReceiveDescriptor::registers (), Space::other,
                            bounded, bounded, item (0, source)), l4::IpcError::receive_cut);
}

TEST_CASE ("MPM-007", "words, items and a string travel together", "V2-069 V2-175 V2-151")
{
    Address const source = take_pages ();
    Address const window = fresh_window ();
    char text[] = "a string that comes with a page";
    char copy[sizeof text] {};
    Message out { out_memory, 6, 1 };
    put (out, 1, { 0xDA7A0002, 0 });
    put (out, 2, { 0xDA7A0004, 0xDA7A0005 });
    out.string (0) = { sizeof text, reinterpret_cast<Address> (text), 0, 0 };
    Message in { in_memory, 8, 1 };
    in.window () = l4::Fpage::memory (window, page).raw ();
    in.string (0) = { 0, 0, sizeof copy, reinterpret_cast<Address> (copy) };
    Transfer const t = transfer (out.mapping (), in.receiving (), Space::other, bounded, bounded,
                                 item (0, source));
    CHECK_EQUAL (t.sender.raw (), 0u);
    REQUIRE (t.received);
    CHECK_EQUAL (t.receiver.dope.raw (), (l4::MessageDope { 6, 1 }.raw () | 2));
    CHECK_EQUAL (in.word (5), 0xDA7A0005u);
    CHECK (std::string_view { copy } == text);
    CHECK (sees_page (window, source));
}

TEST_CASE ("MPM-008", "the whole space can be mapped into the whole space of another task",
           "V2-171")
{
    struct Order {
        l4::ThreadId own {};
        Word value { 0 };
        Address address { take_pages () };
        bool volatile done { false };
    } order;
    auto const look = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        self.own = rt::myself ();
        self.value = word_at (self.address);
        self.done = true;
        rt::sleep_forever ();
    };
    l4::ThreadId const id
        = create_task (own_task_id (take_task_number ()), 255, look, &order, rt::myself ());
    REQUIRE (!id.is_nil ());
    REQUIRE (rt::receive (id, within (500)).dope.ok ());
    CHECK (rt::send_fpage (id, 0, l4::Fpage { l4::Fpage::whole_space ().raw () | 2 }, no_waiting)
               .ok ());
    // One answer, and everything is there: no further fault reaches the case.
    CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
    CHECK (order.done);
    CHECK_EQUAL (order.value, page_mark (order.address));
    CHECK_EQUAL (order.own, id);
}
