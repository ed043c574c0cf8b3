// SPDX-License-Identifier: BSD-2-Clause
/// @file  Short fpage messages: where pages land, and with which rights.
#include <runtime/layout.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/exchange.hpp>
#include <framework/pager.hpp>

using namespace guest;

namespace {

constexpr unsigned page = l4::page_bits;

/// Sender and receiver agree that something was mapped.
void check_mapped (Delivery const& delivery)
{
    CHECK_EQUAL (delivery.sender.raw (), 0u);
    REQUIRE (delivery.received);
    CHECK_EQUAL (delivery.receiver.dope.raw (), 0x00004002u);
}

void check_nothing_mapped (Delivery const& delivery)
{
    CHECK_EQUAL (delivery.sender.raw (), 0u);
    REQUIRE (delivery.received);
    CHECK_EQUAL (delivery.receiver.dope.raw (), 0x00004000u);
}

void check_write_fault (Access const& access, Address address)
{
    CHECK (access.faulted);
    CHECK_EQUAL (access.fault_w0, address | 2);
}

}  // namespace

TEST_CASE ("MAP-001", "a page appears at the base of a window of its size, writable",
           "V2-165 V2-064 V2-034 V2-062")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    auto const fpage = l4::Fpage::memory (source, page);
    Delivery const delivery = map_into (l4::Fpage::memory (target, page), 0, fpage);
    check_mapped (delivery);
    CHECK_EQUAL (delivery.receiver.w1, fpage.raw ());
    CHECK (sees_page (target, source));
    Access const write = write_in_task (target, 4711);
    CHECK (write.completed && !write.faulted);
    CHECK_EQUAL (word_at (source), 4711u);
}

TEST_CASE ("MAP-002", "without bit w the page can be read and a write faults", "V2-166 V2-045")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (target, page), 0,
                            l4::Fpage::memory (source, page, l4::Access::read_only)));
    CHECK (sees_page (target, source));
    answer_window_faults (WindowFaults::silence);
    check_write_fault (write_in_task (target, 4711), target);
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("MAP-003", "the send base places a page in a larger window", "V2-168 V2-041")
{
    Address const source = take_pages ();
    Address const window = fresh_window (l4::superpage_bits);
    check_mapped (map_into (l4::Fpage::memory (window, l4::superpage_bits), 0x5000,
                            l4::Fpage::memory (source, page)));
    CHECK (sees_page (window + 0x5000, source));
    CHECK (sees_nothing (window));
    CHECK (sees_nothing (window + 0x4000));
    CHECK (sees_nothing (window + 0x6000));
}

TEST_CASE ("MAP-004", "the send base picks a page of a larger fpage", "V2-169 V2-041")
{
    constexpr unsigned sixteen_pages = page + 4;
    Address const source = take_pages (sixteen_pages);
    Address const target = fresh_window (sixteen_pages);
    check_mapped (map_into (l4::Fpage::memory (target, page), 0x3000,
                            l4::Fpage::memory (source, sixteen_pages)));
    CHECK (sees_page (target, source + 0x3000));
    CHECK (sees_nothing (target + 0x1000));
}

TEST_CASE ("MAP-005", "the send base picks a page of a 4 MB fpage", "V2-169 V2-041")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (target, page), source,
                            l4::Fpage::memory (0, l4::superpage_bits)));
    CHECK (sees_page (target, source));
}

TEST_CASE ("MAP-006", "in a window of the whole space the page lands at its send base", "V2-170")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::whole_space (), target, l4::Fpage::memory (source, page)));
    CHECK (sees_page (target, source));
}

TEST_CASE ("MAP-007", "pages that the sender does not have are skipped", "V2-172 V2-040")
{
    constexpr unsigned four_pages = page + 2;
    Address const source = untouched_pages (0);
    word_at (source) = page_mark (source);
    word_at (source + 0x2000) = page_mark (source + 0x2000);
    Address const target = fresh_window (four_pages);
    check_mapped (map_into (l4::Fpage::memory (target, four_pages), 0,
                            l4::Fpage::memory (source, four_pages)));
    CHECK (sees_page (target, source));
    CHECK (sees_nothing (target + 0x1000));
    CHECK (sees_page (target + 0x2000, source + 0x2000));
    CHECK (sees_nothing (target + 0x3000));
}

TEST_CASE ("MAP-008", "an fpage in which the sender has nothing maps nothing", "V2-172 V2-064")
{
    Address const target = fresh_window ();
    check_nothing_mapped (map_into (l4::Fpage::memory (target, page), 0,
                                    l4::Fpage::memory (untouched_pages (1), page)));
    check_nothing_mapped (map_into (l4::Fpage::memory (target, page), 0,
                                    l4::Fpage::memory (fresh_window (), page)));
    CHECK (sees_nothing (target));
}

TEST_CASE ("MAP-009", "an fpage for a receiver without a window is cut, the words arrive",
           "V2-173 V2-067")
{
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, page);
    Delivery const delivery = deliver (0x1234, fpage, l4::ReceiveDescriptor::registers ());
    CHECK_EQUAL (delivery.sender.raw (), l4::IpcError::send_cut);
    REQUIRE (delivery.received);
    CHECK_EQUAL (delivery.receiver.dope.error (), l4::IpcError::receive_cut);
    CHECK_EQUAL (delivery.receiver.w0, 0x1234u);
    CHECK_EQUAL (delivery.receiver.w1, fpage.raw ());
    CHECK_EQUAL (delivery.receiver.source, rt::myself ());
}

TEST_CASE ("MAP-010", "the low twelve bits of the send base do not matter", "V2-042")
{
    Address const source = take_pages ();
    Address const window = fresh_window (page + 4);
    check_mapped (map_into (l4::Fpage::memory (window, page + 4), 0x5FFF,
                            l4::Fpage::memory (source, page)));
    CHECK (sees_page (window + 0x5000, source));
}

TEST_CASE ("MAP-011", "a base inside the fpage is rounded down", "V2-037")
{
    constexpr unsigned four_pages = page + 2;
    Address const source = take_pages (four_pages);
    Address const target = fresh_window (four_pages);
    l4::Fpage const inside { l4::Fpage::memory (source, four_pages).raw () + 0x1000 };
    l4::Fpage const window { l4::Fpage::memory (target, four_pages).raw () + 0x3000 };
    check_mapped (map_into (window, 0, inside));
    for (Address offset = 0; offset < 0x4000; offset += l4::page_size)
        CHECK (sees_page (target + offset, source + offset));
}

TEST_CASE ("MAP-012", "every combination of sizes obeys the hotspot rule", "V2-041")
{
    constexpr unsigned largest = page + 3;
    for (unsigned send_bits = page; send_bits <= largest; ++send_bits)
        for (unsigned window_bits = page; window_bits <= largest; ++window_bits) {
            Address const source = take_pages (largest);
            Address const target = fresh_window (largest);
            auto const item = l4::Fpage::memory (source, send_bits);
            auto const window = l4::Fpage::memory (target, window_bits);
            constexpr Word hotspot = 0x5000;
            check_mapped (map_into (window, hotspot, item));
            // The smaller size decides; the hotspot counts in units of it, within the larger one.
            Word const small = Word { 1 } << (send_bits < window_bits ? send_bits : window_bits);
            Word const large = Word { 1 } << (send_bits < window_bits ? window_bits : send_bits);
            Word const offset = hotspot % large / small * small;
            bool const in_window = send_bits <= window_bits;
            Address const from = source + (in_window ? 0 : offset);
            Address const to = target + (in_window ? offset : 0);
            CHECK (sees_page (to, from));
            CHECK (sees_page (to + small - l4::page_size, from + small - l4::page_size));
            reset_pages ();
        }
}

TEST_CASE ("MAP-013", "with equal sizes the send base does not matter", "V2-041")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (target, page), 0xFFFFFFFF,
                            l4::Fpage::memory (source, page)));
    CHECK (sees_page (target, source));
}

TEST_CASE ("MAP-014", "an item for a thread of the same task changes nothing", "V2-272")
{
    Address const source = take_pages ();
    Address const target = take_pages ();
    Exchange order = Exchange::from (rt::myself ());
    order.receive = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (target, page));
    Partner& partner = begin (order);
    auto const sent = rt::send_fpage (partner.id (), 0, l4::Fpage::memory (source, page), bounded);
    CHECK_EQUAL (sent.raw (), 0u);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.result.dope.raw (), 0x00004002u);
    CHECK_EQUAL (word_at (target), page_mark (target));
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("MAP-015", "who has a page read-only cannot give write permission",
           "V2-167 V2-045")
{
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (middle, page), 0,
                            l4::Fpage::memory (source, page, l4::Access::read_only)));
    check_mapped (send_on (0, middle, target));
    CHECK (sees_page (target, source, 1));
    answer_window_faults (WindowFaults::silence);
    check_write_fault (write_in_task (target, 4711, 1), target);
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("MAP-016", "a page goes on from task to task with its rights", "V2-165 V2-045")
{
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (middle, page), 0, l4::Fpage::memory (source, page)));
    check_mapped (send_on (0, middle, target));
    CHECK (sees_page (target, source, 1));
    CHECK (!write_in_task (target, 99, 1).faulted);
    CHECK_EQUAL (word_at (source), 99u);
    CHECK_EQUAL (read_in_task (middle).value, 99u);
}

TEST_CASE ("MAP-017", "the kernel info page cannot be mapped writable", "V2-273 V2-257")
{
    Address const target = fresh_window ();
    check_mapped (map_into (l4::Fpage::memory (target, page), 0,
                            l4::Fpage::memory (rt::layout::kernel_info_page, page)));
    CHECK_EQUAL (read_in_task (target).value, l4::KernelInfoPage::magic_value);
    answer_window_faults (WindowFaults::silence);
    check_write_fault (write_in_task (target, 0), target);
    CHECK_EQUAL (rt::kip ().magic, l4::KernelInfoPage::magic_value);
}

TEST_CASE ("MAP-018", "an fpage smaller than a page maps nothing and is no error", "V2-035")
{
    Address const source = take_pages ();
    auto const window = l4::Fpage::memory (fresh_window (), page);
    check_nothing_mapped (map_into (window, 0, l4::Fpage {}));
    check_nothing_mapped (map_into (window, 0, l4::Fpage { source | 2 }));
    check_nothing_mapped (map_into (window, 0, l4::Fpage { source | (11 << 2) | 2 }));
}

TEST_CASE ("MAP-019", "a window smaller than a page is no window", "V2-069 V2-173")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    Delivery const delivery = map_into (l4::Fpage { target | (11 << 2) }, 0,
                                        l4::Fpage::memory (source, page));
    CHECK_EQUAL (delivery.sender.raw (), l4::IpcError::send_cut);
    REQUIRE (delivery.received);
    CHECK_EQUAL (delivery.receiver.dope.error (), l4::IpcError::receive_cut);
    CHECK (sees_nothing (target));
}

TEST_CASE ("MAP-020", "mapping the same page to the same place again keeps it", "V2-046 V2-064")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    for (unsigned round = 0; round < 3; ++round) {
        check_mapped (map_into (l4::Fpage::memory (target, page), 0,
                                l4::Fpage::memory (source, page)));
        CHECK (sees_page (target, source));
    }
    check_mapped (map_into (l4::Fpage::memory (target, page), 0,
                            l4::Fpage::memory (source, page, l4::Access::read_only)));
    CHECK (!write_in_task (target, 5).faulted);
}

TEST_CASE ("MAP-021", "one page can be mapped to many places and tasks", "V2-044 V2-165")
{
    Address const source = take_pages ();
    Address targets[6];
    for (unsigned i = 0; i < 6; ++i) {
        targets[i] = fresh_window ();
        check_mapped (map_into (l4::Fpage::memory (targets[i], page), 0,
                                l4::Fpage::memory (source, page), i % 2));
    }
    for (unsigned i = 0; i < 6; ++i)
        CHECK (sees_page (targets[i], source, i % 2));
}

TEST_CASE ("MAP-022", "fpages above 3 GB map nothing", "V2-001 V2-273")
{
    Address const target = fresh_window ();
    auto const window = l4::Fpage::memory (target, page);
    for (Address kernel : { 0xC0000000u, 0xE0000000u, 0xEFFFF000u })
        check_nothing_mapped (map_into (window, 0, l4::Fpage::memory (kernel, page)));
    check_nothing_mapped (map_into (l4::Fpage::memory (target, l4::superpage_bits), 0,
                                    l4::Fpage::memory (0xC0000000, 30)));
    CHECK (sees_nothing (target));
}

TEST_CASE ("MAP-023", "windows above 3 GB take nothing", "V2-001 V2-041")
{
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, page);
    for (Address kernel : { 0xC0000000u, 0xE0000000u, 0xEFFFF000u })
        check_nothing_mapped (map_into (l4::Fpage::memory (kernel, page), 0, fpage));
    check_nothing_mapped (map_into (l4::Fpage::whole_space (), 0xC0000000, fpage));
    check_nothing_mapped (map_into (l4::Fpage::whole_space (), 0xF0100000, fpage));
}

TEST_CASE ("MAP-024", "reserved bits of an fpage do not matter", "V2-009 V2-034")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    l4::Fpage const item { l4::Fpage::memory (source, page).raw () | 0xF00 };
    l4::Fpage const window { l4::Fpage::memory (target, page).raw () | 0xF00 };
    check_mapped (map_into (window, 0, item));
    CHECK (sees_page (target, source));
}
