// SPDX-License-Identifier: BSD-2-Clause
/// @file  4 MB pages among 4 KB pages: a case sees no difference, except that kernel memory lasts.
///
/// A is the test program, which has 4 MB from sigma0; B and C are partner tasks 0 and 1.
#include <l4/protocol/sigma0.hpp>
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr unsigned large = l4::superpage_bits;
constexpr Word completely_own_too = l4::unmap_completely | l4::unmap_in_own_space_too;

/// Places in 4 MB that a case looks at: both ends, and around the part that it works on.
constexpr Address part = 0x123000;
constexpr Address looked_at[] = { 0, part - l4::page_size, part + l4::page_size, 0x3FF000 };

[[nodiscard]] Address take_superpage ()
{
    Address const source = acquire_superpage ();
    for (Address offset : looked_at)
        word_at (source + offset) = page_mark (source + offset);
    word_at (source + part) = page_mark (source + part);
    return source;
}

[[nodiscard]] l4::Fpage whole (Address base, l4::Access access = l4::Access::read_write,
                               l4::Transfer transfer = l4::Transfer::map)
{
    return l4::Fpage::memory (base, large, access, transfer);
}

/// Map 4 MB of the test program to partner task `n`.
void map_whole (Address source, Address target, unsigned n = 0,
                l4::Access access = l4::Access::read_write)
{
    Delivery const delivery = map_into (whole (target), 0, whole (source, access), n);
    REQUIRE (delivery.received && delivery.receiver.dope.mapped ());
}

/// Send `item` of partner task `from` into `window` of task `to`. @return whether it was mapped
bool send_item (unsigned from, l4::Fpage item, unsigned to, l4::Fpage window)
{
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive = l4::ReceiveDescriptor::map_window (window).open ();
    Partner& receiving = partner_task (to).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), { 0, item.raw () }, bounded);
    sender.send = l4::SendDescriptor::short_fpage ();
    Partner& sending = partner_task (from).start (exchange, &sender);
    REQUIRE (receiving.finish () && sending.finish ());
    receiving.release ();
    sending.release ();
    return receiver.result.dope.mapped ();
}

/// The same with 4 MB, to the other one of tasks 0 and 1.
bool send_whole_on (unsigned from, Address source, Address target,
                    l4::Transfer transfer = l4::Transfer::map)
{
    return send_item (from, whole (source, l4::Access::read_write, transfer), 1 - from,
                      whole (target));
}

/// A task that dies with the case, or now.
constexpr unsigned mortal = lasting_partner_tasks;

void delete_mortal_task ()
{
    Word const number = partner_task (mortal).id ().task ();
    REQUIRE (!rt::task_new (own_task_id (number), rt::myself ().low (), 0, 0,
                            l4::ThreadId::nil ()).is_nil ());
    end_partner_tasks ();
}

/// Map `item` to every 4 MB of the mortal task until kernel memory is used up.
/// @return how often
[[nodiscard]] unsigned map_everywhere (l4::Fpage item)
{
    unsigned mapped = 0;
    for (Address window = window_region; window < l4::user_limit; window += l4::superpage_size) {
        Delivery const last = map_into (l4::Fpage::whole_space (), window, item, mortal);
        if (!last.sender.ok () || !last.received)
            return mapped;
        ++mapped;
    }
    SKIP ("kernel memory is enough for 3 GB");
}

void unmap_whole (Address source, Word mask = l4::unmap_completely)
{
    rt::fpage_unmap (whole (source), mask);
}

/// Whether partner task `n` has at `window` what lies at `source`, but for the part.
[[nodiscard]] bool sees_rest (Address window, Address source, unsigned n)
{
    for (Address offset : looked_at)
        if (!sees_page (window + offset, source + offset, n))
            return false;
    return true;
}
[[nodiscard]] bool sees_whole (Address window, Address source, unsigned n)
{
    return sees_rest (window, source, n) && sees_page (window + part, source + part, n);
}
/// To be asked once: it leaves spare pages.
[[nodiscard]] bool sees_nothing_of_rest (Address window, unsigned n)
{
    for (Address offset : looked_at)
        if (!sees_nothing (window + offset, n))
            return false;
    return true;
}
[[nodiscard]] bool sees_nothing_there (Address window, unsigned n)
{
    return sees_nothing_of_rest (window, n) && sees_nothing (window + part, n);
}

[[nodiscard]] bool can_write (Address address, Address source, unsigned n)
{
    Access const access = write_in_task (address, page_mark (source), n);
    return access.completed && !access.faulted;
}

/// 4 MB of A, mapped to B, and from there to C.
struct Chain {
    Address a { take_superpage () };
    Address b { fresh_window (large) };
    Address c { fresh_window (large) };

    Chain ()
    {
        map_whole (a, b);
        CHECK (send_whole_on (0, b, c));
        CHECK (sees_whole (c, a, 1));
    }
};

[[nodiscard]] bool has_large_pages () { return rt::kip_feature ("image").value == "pentium"; }

}  // namespace

TEST_CASE ("SUP-001", "4 MB go on from task to task and come back as a whole",
           "V2-048 V2-184 V2-178 V2-013")
{
    Chain const chain;
    unmap_whole (chain.a);
    CHECK (sees_nothing_there (chain.b, 0));
    CHECK (sees_nothing_there (chain.c, 1));
    CHECK_EQUAL (word_at (chain.a + part), page_mark (chain.a + part));
}

TEST_CASE ("SUP-002", "4 KB taken back by the first leave the rest with all others", "V2-185")
{
    Chain const chain;
    take_back (chain.a + part);
    CHECK (sees_nothing (chain.b + part, 0));
    CHECK (sees_nothing (chain.c + part, 1));
    CHECK (sees_rest (chain.b, chain.a, 0));
    CHECK (sees_rest (chain.c, chain.a, 1));
    CHECK_EQUAL (word_at (chain.a + part), page_mark (chain.a + part));
}

TEST_CASE ("SUP-003", "who flushes 4 KB of his own 4 MB loses these and no more",
           "V2-185 V2-179 V2-181")
{
    Chain const chain;
    take_back_in_task (0, chain.b + part, completely_own_too);
    CHECK (sees_nothing (chain.b + part, 0));
    CHECK (sees_nothing (chain.c + part, 1));
    CHECK (sees_rest (chain.b, chain.a, 0));
    CHECK (sees_rest (chain.c, chain.a, 1));
    CHECK_EQUAL (word_at (chain.a + part), page_mark (chain.a + part));
}

TEST_CASE ("SUP-004", "4 KB of 4 MB become read-only, the rest stays writable", "V2-185 V2-180")
{
    Chain const chain;
    take_back (chain.a + part, l4::unmap_remap_read_only);
    answer_window_faults (WindowFaults::silence);
    for (unsigned n : { 0, 1 }) {
        Address const window = n == 0 ? chain.b : chain.c;
        CHECK (sees_whole (window, chain.a, n));
        CHECK (can_write (window + part + l4::page_size, chain.a + part + l4::page_size, n));
        CHECK_EQUAL (write_in_task (window + part, 1, n).fault_w0, (window + part) | 2);
    }
    CHECK_EQUAL (window_faults (), 2u);
    word_at (chain.a + part) = 1;
}

TEST_CASE ("SUP-005", "read-only 4 MB become writable in part, and then as a whole",
           "V2-046 V2-183 V2-045")
{
    Address const source = take_superpage ();
    Address const window = fresh_window (large);
    Address const next = part + l4::page_size;
    map_whole (source, window, 0, l4::Access::read_only);
    CHECK (sees_whole (window, source, 0));
    map_page (source + part, window + part);
    CHECK (can_write (window + part, source + part, 0));
    CHECK (sees_whole (window, source, 0));
    answer_window_faults (WindowFaults::silence);
    CHECK (write_in_task (window + next, 1).faulted);
    map_whole (source, window);
    CHECK (can_write (window + next, source + next, 0));
    CHECK (can_write (window, source, 0));
    CHECK_EQUAL (window_faults (), 1u);
}

TEST_CASE ("SUP-006", "4 MB that are mapped again can gain rights as a whole", "V2-046 V2-183")
{
    Address const source = take_superpage ();
    Address const window = fresh_window (large);
    map_whole (source, window, 0, l4::Access::read_only);
    map_whole (source, window);
    CHECK (can_write (window + part, source + part, 0));
    map_whole (source, window, 0, l4::Access::read_only);
    CHECK (can_write (window + part, source + part, 0));
    // Split by now, with the rights that it had.
    take_back (source);
    CHECK (can_write (window + part, source + part, 0));
    CHECK_EQUAL (window_faults (), 0u);
}

TEST_CASE ("SUP-007", "a page that replaces 4 KB of 4 MB leaves the rest", "V2-046")
{
    Chain const chain;
    Address const other = take_pages ();
    map_page (other, chain.b + part);
    CHECK (sees_page (chain.b + part, other, 0));
    CHECK (sees_nothing (chain.c + part, 1));
    CHECK (sees_rest (chain.b, chain.a, 0));
    CHECK (sees_rest (chain.c, chain.a, 1));
    take_back (other);
    CHECK (sees_nothing (chain.b + part, 0));
    CHECK (sees_rest (chain.b, chain.a, 0));
}

TEST_CASE ("SUP-008", "4 MB replace the pages that are in their way", "V2-046 V2-286")
{
    Address const source = take_superpage ();
    Address const other = take_pages ();
    Address const window = fresh_window (large);
    map_page (other, window + part);
    map_page (source, window);
    map_whole (source, window);
    CHECK (sees_whole (window, source, 0));
    take_back (other);
    CHECK (sees_whole (window, source, 0));
    unmap_whole (source);
    CHECK (sees_nothing_there (window, 0));
}

TEST_CASE ("SUP-009", "4 MB replace 4 MB, and come again where a table has become empty",
           "V2-046 V2-048")
{
    Address const source = take_superpage ();
    Address const window = fresh_window (large);
    Address const other = take_pages ();
    map_page (other, window + part);
    take_back (other);
    for (unsigned round = 0; round < 3; ++round) {
        map_whole (source, window);
        CHECK (sees_whole (window, source, 0));
        // From C, as the same memory but another page.
        Address const detour = fresh_window (large);
        map_whole (source, detour, 1);
        CHECK (send_whole_on (1, detour, window));
        CHECK (sees_whole (window, source, 0));
        take_back_in_task (1, detour + part);
        CHECK (sees_rest (window, source, 0));
        CHECK (sees_nothing (window + part, 0));
        unmap_whole (source);
        CHECK (sees_nothing_of_rest (window, 0));
    }
}

TEST_CASE ("SUP-010", "granted 4 MB leave the granter with all that hangs below", "V2-047 V2-177")
{
    Chain const chain;
    Address const target = fresh_window (large);
    CHECK (send_whole_on (0, chain.b, target, l4::Transfer::grant));
    CHECK (sees_whole (target, chain.a, 1));
    CHECK (sees_whole (chain.c, chain.a, 1));
    CHECK (sees_nothing_there (chain.b, 0));
    take_back (chain.a + part);
    CHECK (sees_nothing (target + part, 1));
    CHECK (sees_nothing (chain.c + part, 1));
    CHECK (sees_rest (target, chain.a, 1));
    unmap_whole (chain.a);
    CHECK (sees_nothing_of_rest (target, 1));
}

TEST_CASE ("SUP-011", "of 4 KB granted out of 4 MB nothing that was derived remains elsewhere",
           "V2-285 V2-271 V2-047")
{
    Chain const chain;
    Address const small = fresh_window ();
    Address const target = fresh_window ();
    REQUIRE (send_on (0, chain.b + part, small).receiver.dope.mapped ());
    REQUIRE (send_on (0, chain.b + part, target, l4::Transfer::grant).receiver.dope.mapped ());
    CHECK (sees_page (target, chain.a + part, 1));
    if (has_large_pages ()) {
        CHECK (sees_nothing (small, 1));
        CHECK (sees_nothing (chain.c + part, 1));
    }
    CHECK (sees_nothing (chain.b + part, 0));
    CHECK (sees_rest (chain.b, chain.a, 0));
    CHECK (sees_rest (chain.c, chain.a, 1));
    take_back (chain.a + part);
    CHECK (sees_nothing (target, 1));
}

TEST_CASE ("SUP-012", "4 MB with 4 KB pages among them reach any depth, and go by parts",
           "V2-185 V2-178")
{
    constexpr unsigned depth = 6;
    Address const source = take_superpage ();
    Address windows[depth];
    Address small[depth];
    windows[0] = fresh_window (large);
    map_whole (source, windows[0]);
    for (unsigned i = 1; i < depth; ++i) {
        windows[i] = fresh_window (large);
        small[i] = fresh_window ();
        REQUIRE (send_whole_on ((i - 1) % 2, windows[i - 1], windows[i]));
        REQUIRE (send_on ((i - 1) % 2, windows[i - 1] + part, small[i]).receiver.dope.mapped ());
    }
    take_back_in_task (0, windows[2] + part);
    for (unsigned i = 1; i < depth; ++i) {
        CHECK (sees_rest (windows[i], source, i % 2));
        bool const gone = i > 2;
        CHECK (gone ? sees_nothing (windows[i] + part, i % 2)
                    : sees_page (windows[i] + part, source + part, i % 2));
        CHECK (gone ? sees_nothing (small[i], i % 2)
                    : sees_page (small[i], source + part, i % 2));
    }
}

TEST_CASE ("SUP-013", "no 4 MB become their own descendant, as a whole or in part", "V2-270")
{
    Chain const chain;
    static_cast<void> (send_whole_on (1, chain.c, chain.b));
    CHECK (sees_whole (chain.b, chain.a, 0));
    CHECK (sees_whole (chain.c, chain.a, 1));
    static_cast<void> (send_on (1, chain.c + part, chain.b + part));
    CHECK (sees_whole (chain.b, chain.a, 0));
    // Another part of the same page is no ancestor.
    REQUIRE (send_on (1, chain.c + part, chain.b).receiver.dope.mapped ());
    CHECK (sees_page (chain.b, chain.a + part, 0));
    CHECK (sees_page (chain.c + part, chain.a + part, 1));
    CHECK (sees_nothing (chain.c, 1));
}

TEST_CASE ("SUP-014", "a pager can answer a fault with 4 MB", "V2-048 V2-170 V2-193")
{
    Address const source = take_superpage ();
    struct Order {
        Address address;
        Word sum { 0 };
    } order { fresh_window (large) };
    auto const read_all = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        for (Address offset : looked_at)
            self.sum = self.sum + word_at (self.address + offset);
    };
    touch_image ();
    Partner& partner = partner_task ().start (read_all, &order, rt::myself ());
    Word faults = 0;
    Word expected = 0;
    for (Address offset : looked_at)
        expected += page_mark (source + offset);
    while (!partner.done ()) {
        auto const fault = rt::receive (partner.id (), within (100));
        if (!fault.dope.ok ())
            break;
        bool const in_window = fault.w0 >= window_region;
        faults += in_window ? 1 : 0;
        Address const page = fault.w0 & ~(l4::page_size - 1);
        auto const fpage = in_window ? whole (source) : l4::Fpage::memory (page, l4::page_bits);
        CHECK (rt::send_fpage (partner.id (), in_window ? order.address : page, fpage,
                               bounded).ok ());
    }
    CHECK (partner.finish ());
    CHECK_EQUAL (order.sum, expected);
    CHECK_EQUAL (faults, 1u);
}

TEST_CASE ("SUP-015", "a message crosses from 4 MB pages to 4 KB pages and back", "V2-150")
{
    constexpr unsigned dwords = 3000;
    static Word sent[Message::words (dwords)];
    Address const source = take_superpage ();
    Address const window = fresh_window (large + 1);
    Address const border = window + l4::superpage_size;
    map_whole (source, window);
    // Behind the border: 4 KB pages, in the other order.
    for (Address offset = 0; offset < 4 * l4::page_size; offset += l4::page_size)
        map_page (source + 3 * l4::page_size - offset, border + offset);

    Message here { sent, dwords };
    for (unsigned i = 2; i < dwords; ++i)
        here.word (i) = i * 2654435761U;
    // The partner's buffer begins 4,100 bytes before the border. Its head is written by the test
    // program through its own mapping.
    constexpr Address before = 0x1004;
    auto const at = [&] (Address address) -> Word volatile& {
        Address const offset = address - window;
        return offset < l4::superpage_size
                   ? word_at (source + offset)
                   : word_at (source + 3 * l4::page_size
                              - ((offset - l4::superpage_size) & ~(l4::page_size - 1))
                              + (offset & (l4::page_size - 1)));
    };
    Address const buffer = border - before;
    at (buffer) = 0;
    at (buffer + 4) = l4::MessageDope { dwords, 0 }.raw ();
    at (buffer + 8) = l4::MessageDope { dwords, 0 }.raw ();
    auto const result = transfer (here.sending (), l4::ReceiveDescriptor { buffer },
                                  Space::other);
    check_arrived (result, dwords);
    unsigned wrong = 0;
    for (unsigned i = 2; i < dwords; ++i)
        wrong += at (buffer + 12 + 4 * i) == i * 2654435761U ? 0 : 1;
    CHECK_EQUAL (wrong, 0u);
}

TEST_CASE ("SUP-016", "sigma0 gives 4 MB by both of its protocols", "V2-256 V2-359")
{
    Address const source = take_superpage ();
    Address const window = fresh_window (large);
    constexpr Address far_enough = 0x10000000;      // the page tells where RAM ends in two forms
    for (Address ram = l4::superpage_size; ram < far_enough; ram += l4::superpage_size) {
        auto const answer = rt::call (l4::sigma0_id,
                                      { l4::sigma0::later_memory, whole (ram).raw () }, bounded,
                                      rt::Window { whole (window) });
        REQUIRE (answer.dope.ok ());
        if (!answer.dope.mapped ())
            continue;
        CHECK_EQUAL (l4::Fpage { answer.w1 }.log2_size (), large);
        // The first such region is the one that the test program has by the other protocol.
        CHECK_EQUAL (word_at (window + part), page_mark (source + part));
        return;
    }
    CHECK (false);
}

TEST_CASE ("SUP-017", "with its task all goes that was mapped on from 4 MB, whole and split",
           "V2-187")
{
    Address const source = take_superpage ();
    Address const window = fresh_window (large);
    for (bool const split : { false, true }) {
        Address const child = fresh_window (large);
        Address const small = fresh_window ();
        map_whole (source, window, mortal);
        CHECK (send_item (mortal, whole (window), 1, whole (child)));
        CHECK (send_item (mortal, l4::Fpage::memory (window, l4::page_bits), 0,
                          l4::Fpage::memory (small, l4::page_bits)));
        CHECK (sees_whole (child, source, 1));
        CHECK (sees_page (small, source, 0));
        if (split)
            take_back_in_task (mortal, window + part, completely_own_too);
        delete_mortal_task ();
        CHECK (sees_nothing_there (child, 1));
        CHECK (sees_nothing (small, 0));
        CHECK_EQUAL (word_at (source), page_mark (source));
    }
}

TEST_CASE ("SUP-018", "a 4 MB page takes less kernel memory than a page table",
           "V2-288 V2-048")
{
    if (!has_large_pages ())
        SKIP ("the i486 image has no 4 MB pages");
    Address const source = take_superpage ();
    static_cast<void> (partner_task (0));
    unsigned const tables = map_everywhere (l4::Fpage::memory (source, l4::page_bits));
    delete_mortal_task ();
    unsigned const superpages = map_everywhere (whole (source));
    CHECK (superpages > tables + tables / 2);
}

TEST_CASE ("SUP-019", "4 KB of 4 MB can be taken back where kernel memory is used up",
           "V2-287 V2-185 V2-011")
{
    if (!has_large_pages ())
        SKIP ("it takes long, and the i486 image has nothing to split");
    Address const source = take_superpage ();
    static_cast<void> (partner_task (0));
    unsigned const mapped = map_everywhere (whole (source));
    REQUIRE (mapped > 8);
    take_back (source + part);
    answer_window_faults (WindowFaults::silence);
    Address const last = window_region + (mapped - 1) * l4::superpage_size;
    for (Address window : { window_region, last }) {
        CHECK (sees_rest (window, source, mortal));
        CHECK (read_in_task (window + part, mortal).faulted);
    }
    // The spaces that are there go on, and what was freed can be used again.
    delete_mortal_task ();
    map_whole (source, window_region, mortal);
    CHECK (sees_whole (window_region, source, mortal));
}
