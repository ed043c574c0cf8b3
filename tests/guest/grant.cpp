// SPDX-License-Identifier: BSD-2-Clause
/// @file  Granting pages, and what happens to a page that was there before.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>

using namespace guest;

namespace {

constexpr unsigned page = l4::page_bits;

/// Grant the page at `source` of the test program to `target` of the first partner task.
[[nodiscard]] Delivery grant (Address source, Address target,
                              l4::Access access = l4::Access::read_write)
{
    return map_into (l4::Fpage::memory (target, page), 0,
                     l4::Fpage::memory (source, page, access, l4::Transfer::grant));
}

}  // namespace

TEST_CASE ("GRA-001", "a granted page leaves the granter for the receiver", "V2-177 V2-047")
{
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const target = fresh_window ();
    map_page (source, middle, 0);
    Delivery const delivery = send_on (0, middle, target, l4::Transfer::grant);
    CHECK_EQUAL (delivery.sender.raw (), 0u);
    CHECK_EQUAL (delivery.receiver.dope.raw (), 0x00004002u);
    CHECK (sees_page (target, source, 1));
    CHECK (sees_nothing (middle, 0));
    take_back (source);
    CHECK (sees_nothing (target, 1));
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("GRA-002", "what the granter had mapped on stays, below the receiver", "V2-047")
{
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const child = fresh_window ();
    Address const target = fresh_window ();
    map_page (source, middle, 0);
    REQUIRE (send_on (0, middle, child).receiver.dope.mapped ());
    REQUIRE (send_on (0, middle, target, l4::Transfer::grant).receiver.dope.mapped ());
    CHECK (sees_page (child, source, 1));
    CHECK (sees_page (target, source, 1));
    take_back_in_task (1, target);
    CHECK (sees_nothing (child, 1));
    CHECK (sees_page (target, source, 1));
}

TEST_CASE ("GRA-003", "a page granted from hand to hand arrives, and once only", "V2-047 V2-177")
{
    Address const source = take_pages ();
    Address windows[8];
    windows[0] = fresh_window ();
    map_page (source, windows[0], 0);
    for (unsigned i = 1; i < 8; ++i) {
        windows[i] = fresh_window ();
        REQUIRE (send_on ((i - 1) % 2, windows[i - 1], windows[i], l4::Transfer::grant)
                     .receiver.dope.mapped ());
    }
    CHECK (sees_page (windows[7], source, 1));
    for (unsigned i = 0; i < 7; ++i)
        CHECK (sees_nothing (windows[i], i % 2));
    take_back (source);
    CHECK (sees_nothing (windows[7], 1));
}

TEST_CASE ("GRA-004", "a grant without bit w gives a read-only page", "V2-045 V2-047")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    Delivery const delivery = grant (source, target, l4::Access::read_only);
    CHECK (delivery.receiver.dope.mapped ());
    Access const write = write_in_task (target, 1);
    CHECK (write.faulted);
    CHECK_EQUAL (write.fault_w0, target | 2);
}

TEST_CASE ("GRA-005", "a grant within a task changes nothing", "V2-272 V2-047")
{
    Address const source = take_pages ();
    Address const target = take_pages ();
    Exchange order = Exchange::from (rt::myself ());
    order.receive = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (target, page));
    Partner& partner = begin (order);
    auto const granted = l4::Fpage::memory (source, page, l4::Access::read_write,
                                            l4::Transfer::grant);
    CHECK_EQUAL (rt::send_fpage (partner.id (), 0, granted, bounded).raw (), 0u);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (word_at (source), page_mark (source));
    CHECK_EQUAL (word_at (target), page_mark (target));
}

TEST_CASE ("GRA-006", "4 KB granted out of a 4 MB page leave the rest in place", "V2-271 V2-047")
{
    Address const source = acquire_superpage ();
    Address const given = source + 0x7000;
    for (Address a : { source, given, source + 0x8000 })
        word_at (a) = page_mark (a);
    Address const target = fresh_window ();
    REQUIRE (grant (given, target).receiver.dope.mapped ());
    CHECK (sees_page (target, given));
    CHECK_EQUAL (word_at (source), page_mark (source));
    CHECK_EQUAL (word_at (source + 0x8000), page_mark (source + 0x8000));
    Address const others = fresh_window ();
    map_page (source + 0x8000, others);
    CHECK (sees_page (others, source + 0x8000));
}

TEST_CASE ("RPL-001", "a page at the target is replaced", "V2-046")
{
    Address const first = take_pages ();
    Address const second = take_pages ();
    Address const target = fresh_window ();
    map_page (first, target);
    CHECK (sees_page (target, first));
    map_page (second, target);
    CHECK (sees_page (target, second));
    CHECK_EQUAL (word_at (first), page_mark (first));
}

TEST_CASE ("RPL-002", "what was derived from a replaced page is gone", "V2-046")
{
    Address const first = take_pages ();
    Address const second = take_pages ();
    Address const middle = fresh_window ();
    Address const derived = fresh_window ();
    map_page (first, middle, 0);
    REQUIRE (send_on (0, middle, derived).receiver.dope.mapped ());
    CHECK (sees_page (derived, first, 1));
    map_page (second, middle, 0);
    CHECK (sees_page (middle, second, 0));
    CHECK (sees_nothing (derived, 1));
}

TEST_CASE ("RPL-003", "a granted page replaces what was there", "V2-046 V2-047")
{
    Address const first = take_pages ();
    Address const second = take_pages ();
    Address const target = fresh_window ();
    map_page (first, target);
    REQUIRE (grant (second, target).receiver.dope.mapped ());
    CHECK (sees_page (target, second));
}

TEST_CASE ("RPL-004", "no page becomes its own descendant", "V2-270 V2-064")
{
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const target = fresh_window ();
    map_page (source, middle, 0);
    REQUIRE (send_on (0, middle, target).receiver.dope.mapped ());
    for (l4::Transfer transfer : { l4::Transfer::map, l4::Transfer::grant }) {
        // From the grandchild back to where its parent has the page.
        static_cast<void> (send_on (1, target, middle, transfer));
        CHECK (sees_page (middle, source, 0));
        CHECK (sees_page (target, source, 1));
    }
    take_back (source);
    CHECK (sees_nothing (middle, 0));
    CHECK (sees_nothing (target, 1));
}

TEST_CASE ("RPL-005", "a read-only mapping becomes writable without a moment of absence",
           "V2-183 V2-046")
{
    struct Reader {
        Address address;
        bool volatile stop { false };
        unsigned volatile rounds { 0 };
        Word volatile last { 0 };
    } reader { fresh_window () };
    Address const source = take_pages ();
    map_page (source, reader.address, 0, l4::Access::read_only);
    unsigned const before = window_faults ();
    auto const read_always = [] (void* argument) {
        auto& self = *static_cast<Reader*> (argument);
        while (!self.stop) {
            self.last = word_at (self.address);
            self.rounds = self.rounds + 1;
        }
    };
    Partner& partner = partner_task ().start (read_always, &reader);
    settle ();
    map_page (source, reader.address);
    settle ();
    reader.stop = true;
    REQUIRE (partner.finish ());
    CHECK (reader.rounds != 0);
    CHECK_EQUAL (window_faults (), before);
    CHECK (!write_in_task (reader.address, 1).faulted);
}

TEST_CASE ("RPL-006", "a mapping never takes rights away", "V2-046")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    map_page (source, target);
    map_page (source, target, 0, l4::Access::read_only);
    CHECK (!write_in_task (target, 1).faulted);
}
