// SPDX-License-Identifier: BSD-2-Clause
/// @file  fpage_unmap: taking back what was mapped.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/ports.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr unsigned page = l4::page_bits;
constexpr Word read_only_own_too = l4::unmap_remap_read_only | l4::unmap_in_own_space_too;
constexpr Word completely_own_too = l4::unmap_completely | l4::unmap_in_own_space_too;

/// A page of the test program (A), mapped to task 0 (B), and from there to task 1 (C).
struct Chain {
    Address a { take_pages () };
    Address b { fresh_window () };
    Address c { fresh_window () };

    Chain ()
    {
        map_page (a, b, 0);
        Delivery const delivery = send_on (0, b, c);
        CHECK (delivery.received && delivery.receiver.dope.mapped ());
        CHECK (sees_page (c, a, 1));
    }
};

}  // namespace

TEST_CASE ("UNM-001", "unmapping removes the page from all below, not from the invoker", "V2-178")
{
    Chain const chain;
    take_back (chain.a);
    CHECK (sees_nothing (chain.b, 0));
    CHECK (sees_nothing (chain.c, 1));
    CHECK_EQUAL (word_at (chain.a), page_mark (chain.a));
}

TEST_CASE ("UNM-002", "with bit f the page leaves the invoker too", "V2-179")
{
    Chain const chain;
    take_back_in_task (0, chain.b, completely_own_too);
    CHECK (sees_nothing (chain.b, 0));
    CHECK (sees_nothing (chain.c, 1));
    CHECK_EQUAL (word_at (chain.a), page_mark (chain.a));
}

TEST_CASE ("UNM-003", "without bit w the page becomes read-only for all below", "V2-180")
{
    Chain const chain;
    take_back (chain.a, l4::unmap_remap_read_only);
    CHECK (sees_page (chain.b, chain.a, 0));
    CHECK (sees_page (chain.c, chain.a, 1));
    CHECK_EQUAL (write_in_task (chain.b, 1, 0).fault_w0, chain.b | 2);
    CHECK_EQUAL (write_in_task (chain.c, 1, 1).fault_w0, chain.c | 2);
    CHECK_EQUAL (word_at (chain.a), page_mark (chain.a));
    word_at (chain.a) = 5;
    CHECK_EQUAL (word_at (chain.a), 5u);
}

TEST_CASE ("UNM-004", "bit f without bit w makes the own page read-only too", "V2-180 V2-092")
{
    Chain const chain;
    take_back_in_task (0, chain.b, read_only_own_too);
    CHECK (sees_page (chain.b, chain.a, 0));
    CHECK_EQUAL (write_in_task (chain.b, 1, 0).fault_w0, chain.b | 2);
    CHECK_EQUAL (write_in_task (chain.c, 1, 1).fault_w0, chain.c | 2);
}

TEST_CASE ("UNM-005", "who received a page cannot take it from its giver", "V2-181")
{
    Chain const chain;
    take_back_in_task (1, chain.c, completely_own_too);
    CHECK (sees_nothing (chain.c, 1));
    CHECK (sees_page (chain.b, chain.a, 0));
    CHECK (!write_in_task (chain.b, 6, 0).faulted);
    CHECK_EQUAL (word_at (chain.a), 6u);
}

TEST_CASE ("UNM-006", "a running thread faults at its next access", "V2-182")
{
    struct Reader {
        Address address;
        bool volatile stop { false };
        Word volatile last { 0 };
        unsigned volatile rounds { 0 };
    } reader { fresh_window () };
    Address const source = take_pages ();
    map_page (source, reader.address);
    auto const read_always = [] (void* argument) {
        auto& self = *static_cast<Reader*> (argument);
        while (!self.stop) {
            self.last = word_at (self.address);
            self.rounds = self.rounds + 1;
        }
    };
    Partner& partner = partner_task ().start (read_always, &reader);
    settle ();
    REQUIRE (reader.rounds != 0);
    CHECK_EQUAL (window_faults (), 0u);
    take_back (source);
    word_at (source) = 0xDEAD0000;
    settle ();
    CHECK_EQUAL (window_faults (), 1u);
    CHECK (reader.last != 0xDEAD0000);
    reader.stop = true;
    CHECK (partner.finish ());
}

TEST_CASE ("UNM-007", "an fpage takes back every page in it and no other", "V2-092 V2-040")
{
    constexpr unsigned pages = 8;
    Address const source = take_pages (page + 3);
    Address const window = fresh_window (page + 3);
    for (unsigned i = 0; i < pages; ++i)
        map_page (source + i * l4::page_size, window + i * l4::page_size);
    rt::fpage_unmap (l4::Fpage::memory (source + 0x2000, page + 1), l4::unmap_completely);
    for (unsigned i = 0; i < pages; ++i) {
        Address const offset = i * l4::page_size;
        if (i == 2 || i == 3)
            CHECK (sees_nothing (window + offset));
        else
            CHECK (sees_page (window + offset, source + offset));
    }
}

TEST_CASE ("UNM-008", "holes in the fpage do not matter", "V2-092 V2-040")
{
    Address const source = untouched_pages (2);
    word_at (source + 0x1000) = page_mark (source + 0x1000);
    Address const window = fresh_window ();
    map_page (source + 0x1000, window);
    rt::fpage_unmap (l4::Fpage::memory (source, page + 2), l4::unmap_completely);
    CHECK (sees_nothing (window));
}

TEST_CASE ("UNM-009", "an invalid fpage has no effect", "V2-092 V2-035")
{
    Address const source = take_pages ();
    Address const window = fresh_window ();
    map_page (source, window);
    rt::fpage_unmap (l4::Fpage {}, completely_own_too);
    rt::fpage_unmap (l4::Fpage { source }, completely_own_too);
    rt::fpage_unmap (l4::Fpage { source | (11 << 2) }, completely_own_too);
    CHECK (sees_page (window, source));
}

TEST_CASE ("UNM-010", "the whole space can be taken back from others", "V2-092 V2-291 V2-036")
{
    Chain const chain;
    rt::fpage_unmap (l4::Fpage::whole_space (), l4::unmap_completely);
    // The partner tasks lost everything, their code as well; their pager brings it again.
    CHECK (sees_nothing (chain.b, 0));
    CHECK (sees_nothing (chain.c, 1));
    CHECK_EQUAL (word_at (chain.a), page_mark (chain.a));
}

TEST_CASE ("UNM-011", "a page that was taken back can be mapped again", "V2-178 V2-165")
{
    Address const source = take_pages ();
    Address const window = fresh_window ();
    for (unsigned round = 0; round < 50; ++round) {
        map_page (source, window);
        take_back (source);
    }
    map_page (source, window);
    CHECK (sees_page (window, source));
    take_back (source, l4::unmap_remap_read_only);
    CHECK (write_in_task (window, 1).faulted);
}

TEST_CASE ("UNM-012", "after a remap to read-only the giver can give write permission again",
           "V2-180 V2-183")
{
    Address const source = take_pages ();
    Address const window = fresh_window ();
    map_page (source, window);
    take_back (source, l4::unmap_remap_read_only);
    map_page (source, window);
    CHECK (!write_in_task (window, 8).faulted);
    CHECK_EQUAL (word_at (source), 8u);
}

TEST_CASE ("UNM-013", "a page with many mappings is taken back from all", "V2-178 V2-092")
{
    constexpr unsigned mappings = 64;
    Address const source = take_pages ();
    Address windows[mappings];
    for (unsigned i = 0; i < mappings; ++i) {
        windows[i] = fresh_window ();
        map_page (source, windows[i], i % 2);
    }
    take_back (source);
    for (unsigned i = 0; i < mappings; i += 7)
        CHECK (sees_nothing (windows[i], i % 2));
}

TEST_CASE ("UNM-014", "a page that wandered far is taken back from everywhere", "V2-178 V2-044")
{
    constexpr unsigned depth = 20;
    Address const source = take_pages ();
    Address windows[depth];
    windows[0] = fresh_window ();
    map_page (source, windows[0], 0);
    for (unsigned i = 1; i < depth; ++i) {
        windows[i] = fresh_window ();
        REQUIRE (send_on ((i - 1) % 2, windows[i - 1], windows[i]).receiver.dope.mapped ());
    }
    CHECK (sees_page (windows[depth - 1], source, (depth - 1) % 2));
    take_back_in_task (0, windows[10]);
    CHECK (sees_page (windows[10], source, 0));
    for (unsigned i = 11; i < depth; ++i)
        CHECK (sees_nothing (windows[i], i % 2));
    take_back (source);
    for (unsigned i = 0; i <= 10; ++i)
        CHECK (sees_nothing (windows[i], i % 2));
}

TEST_CASE ("UNM-015", "a cycle of tasks does not confuse the tree", "V2-178 V2-270")
{
    Address const source = take_pages ();
    Address const first = fresh_window ();
    Address const second = fresh_window ();
    Address const third = fresh_window ();
    map_page (source, first, 0);
    REQUIRE (send_on (0, first, second).receiver.dope.mapped ());
    REQUIRE (send_on (1, second, third).receiver.dope.mapped ());
    take_back_in_task (0, first);
    CHECK (sees_page (first, source, 0));
    CHECK (sees_nothing (second, 1));
    CHECK (sees_nothing (third, 0));
}

TEST_CASE ("UNM-017", "a 4 MB page comes as a whole and goes in parts", "V2-184 V2-185 V2-048")
{
    Address const source = acquire_superpage ();
    Address const window = fresh_window (l4::superpage_bits);
    auto const whole = l4::Fpage::memory (source, l4::superpage_bits);
    Delivery const delivery
        = map_into (l4::Fpage::memory (window, l4::superpage_bits), 0, whole);
    REQUIRE (delivery.received && delivery.receiver.dope.mapped ());
    for (Address offset = 0; offset < l4::superpage_size; offset += 0x40000) {
        word_at (source + offset) = page_mark (source + offset);
        CHECK (sees_page (window + offset, source + offset));
    }
    take_back (source + 0x40000);
    CHECK (sees_nothing (window + 0x40000));
    CHECK (sees_page (window, source));
    CHECK (sees_page (window + 0x80000, source + 0x80000));
    CHECK_EQUAL (word_at (source + 0x40000), page_mark (source + 0x40000));
    rt::fpage_unmap (whole, l4::unmap_completely);
    CHECK (sees_nothing (window));
}

TEST_CASE ("UNM-018", "a thread that takes its own code and stack away goes on", "V2-179 V2-092")
{
    unsigned volatile steps = 0;
    auto const strip = [] (void* argument) {
        auto& count = *static_cast<unsigned volatile*> (argument);
        for (unsigned n = 0; n < 3; ++n) {
            rt::fpage_unmap (l4::Fpage::whole_space (),
                             l4::unmap_completely | l4::unmap_in_own_space_too);
            count = count + 1;
        }
    };
    Partner& partner
        = partner_task ().start (strip, const_cast<unsigned*> (&steps));
    CHECK (partner.finish ());
    CHECK_EQUAL (steps, 3u);
}
