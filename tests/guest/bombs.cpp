// SPDX-License-Identifier: BSD-2-Clause
/// @file  Pages with thousands of mappings: side by side, in a chain, from hand to hand.
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/selection.hpp>

using namespace guest;

namespace {

constexpr unsigned fan_tasks = 4;
constexpr unsigned fan_items = 512;

/// Wakes up at every tick and notes how long it was kept from it.
struct Ticker {
    bool volatile stop { false };
    Microseconds volatile longest { 0 };

    static void run (void* argument)
    {
        auto& self = *static_cast<Ticker*> (argument);
        for (Microseconds last = now (); !self.stop;) {
            rt::sleep_microseconds (1);
            Microseconds const time = now ();
            if (time - last > self.longest)
                self.longest = time - last;
            last = time;
        }
    }
};

/// Map `source` to `fan_items` pages of partner task `n` from `window` on, by one message.
[[nodiscard]] bool fan_out (Address source, Address window, unsigned n)
{
    constexpr unsigned bits = 21;
    static_assert (fan_items << l4::page_bits == 1U << bits);
    static Word memory[Message::words (2 * fan_items)];
    static Word in[Message::words (2 * fan_items)];
    Message out { memory, 2 * fan_items };
    Message buffer { in, 2 * fan_items };
    buffer.window () = l4::Fpage::memory (window, bits).raw ();
    auto const item = l4::Fpage::memory (source, l4::page_bits);
    for (unsigned i = 1; i < fan_items; ++i) {
        out.word (2 * i) = i << l4::page_bits;
        out.word (2 * i + 1) = item.raw ();
    }
    Exchange receiver = Exchange::from (rt::myself (), bounded);
    receiver.receive = buffer.receiving ();
    Partner& partner = partner_task (n).start (exchange, &receiver);
    auto const sent = rt::ipc (out.mapping (), l4::ReceiveDescriptor::nil (), partner.id (),
                               bounded, 0, item.raw ());
    bool const done = partner.finish ();
    partner.release ();
    return done && sent.dope.ok () && receiver.result.dope.ok ()
           && receiver.result.dope.mapped ();
}

/// A thread that sends a page on as soon as it has come, to the next place if `step` is not 0.
struct Hand {
    Address region;                     ///< 4 MB
    Word step;
    l4::Transfer transfer;
    unsigned rounds;
    l4::ThreadId other {};              ///< nil: wait for the page first
    unsigned volatile done { 0 };

    static void run (void* argument) { static_cast<Hand*> (argument)->pass_on (); }

private:
    void pass_on ()
    {
        auto const window
            = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (region, l4::superpage_bits));
        bool const begins = !other.is_nil ();
        if (!begins)
            other = rt::ipc (l4::SendDescriptor::nil (), window.open (), {}, bounded, 0, 0).source;
        for (Address at = 0; done < rounds; at += step) {
            bool const last = !begins && done + 1 == rounds;
            auto const item = l4::Fpage::memory (region + at, l4::page_bits,
                                                 l4::Access::read_write, transfer);
            auto const r = rt::ipc (l4::SendDescriptor::short_fpage (),
                                    last ? l4::ReceiveDescriptor::nil () : window, other, bounded,
                                    begins ? at : at + step, item.raw ());
            if (!r.dope.ok () || (!last && !r.dope.mapped ()))
                return;
            done = done + 1;
        }
    }
};

/// Let the page at `first` of partner task 0 go to `second` of partner task 1, back, and so on.
/// @return whether every step was made
[[nodiscard]] bool wander (Address first, Address second, Word step, l4::Transfer transfer,
                           unsigned rounds)
{
    Hand answering { second, step, transfer, rounds };
    Partner& answers = partner_task (1).start (Hand::run, &answering);
    Hand beginning { first, step, transfer, rounds, answers.id () };
    Partner& begins = partner_task (0).start (Hand::run, &beginning);
    bool const ended = begins.finish (10000 * selection.times) && answers.finish ();
    begins.release ();
    answers.release ();
    return ended && beginning.done == rounds && answering.done == rounds;
}

}  // namespace

TEST_CASE ("BMB-001", "a page with 2,048 mappings is taken back while others run on time",
           "V2-178 V2-092 V2-292 V2-012")
{
    Address const source = take_pages ();
    Address windows[fan_tasks];
    for (unsigned n = 0; n < fan_tasks; ++n) {
        windows[n] = fresh_window (l4::superpage_bits);
        REQUIRE (fan_out (source, windows[n], n));
        CHECK (sees_page (windows[n] + (fan_items - 1) * l4::page_size, source, n));
    }
    Ticker ticker;
    Partner& watch = start_partner (Ticker::run, &ticker);
    auto const own = rt::thread_schedule (rt::myself (), l4::ScheduleParameter { l4::unchanged });
    rt::thread_schedule (watch.id (), { own.old.priority () + 1, own.old.slice () });
    settle ();
    ticker.longest = 0;
    take_back (source);
    settle ();
    ticker.stop = true;
    CHECK (watch.finish ());
    CHECK (ticker.longest != 0 && ticker.longest <= 4 * kernel_tick);
    for (unsigned n = 0; n < fan_tasks; ++n)
        for (unsigned i = 0; i < fan_items; i += 73)
            CHECK (sees_nothing (windows[n] + i * l4::page_size, n));
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("BMB-002", "a chain of 1,000 mappings is taken back to its end", "V2-178 V2-044 V2-292")
{
    constexpr unsigned rounds = 500;
    Address const source = take_pages ();
    Address const first = fresh_window (l4::superpage_bits);
    Address const second = fresh_window (l4::superpage_bits);
    map_page (source, first, 0);
    REQUIRE (wander (first, second, l4::page_size, l4::Transfer::map, rounds));
    CHECK (sees_page (second + (rounds - 1) * l4::page_size, source, 1));
    CHECK (sees_page (first + rounds * l4::page_size, source, 0));
    // From the middle on.
    take_back_in_task (0, first + rounds / 2 * l4::page_size);
    CHECK (sees_page (first + rounds / 2 * l4::page_size, source, 0));
    CHECK (sees_nothing (second + rounds / 2 * l4::page_size, 1));
    CHECK (sees_nothing (first + rounds * l4::page_size, 0));
    take_back (source);
    for (unsigned i = 0; i < rounds; i += 50)
        CHECK (sees_nothing (first + i * l4::page_size, 0));
}

TEST_CASE ("BMB-003", "a page granted to and fro a thousand times is one page", "V2-047 V2-177")
{
    Address const source = take_pages ();
    Address const first = fresh_window (l4::superpage_bits);
    Address const second = fresh_window (l4::superpage_bits);
    map_page (source, first, 0);
    REQUIRE (wander (first, second, 0, l4::Transfer::grant, 1));    // has what it needs now
    settle ();
    Word const before = rt::kip ().free_kernel_memory;
    unsigned const rounds = 500 * selection.times;
    REQUIRE (wander (first, second, 0, l4::Transfer::grant, rounds));
    settle ();
    CHECK_EQUAL (rt::kip ().free_kernel_memory, before);
    CHECK (sees_page (first, source, 0));
    take_back (source);
    CHECK (sees_nothing (first, 0));
    CHECK (sees_nothing (second, 1));
}
