// SPDX-License-Identifier: BSD-2-Clause
/// @file  Tasks that live for a moment and are deleted in the middle of anything. What they held
///        must come back: free kernel memory is the same after each round of lives.
///
/// Short here; the suites `endurance-*` run it with `--times 200`: 20,000 lives.
#include <runtime/info_page.hpp>
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word any_mcp = 255;
constexpr unsigned children = 2;

/// What a task does in its life, after it has said that it lives.
enum class Way : Word {
    sleeps,                 ///< without a timeout
    computes,               ///< floating point, then sleeps
    sends,                  ///< to somebody who never receives it
    has_threads,            ///< that wait, send, sleep and fault
    faults,                 ///< where its pager does not answer
    transfers,              ///< a long message, from a page that does not come
    maps_on,                ///< its pages to another task
    has_clan,               ///< of tasks that it created and pages
};
constexpr unsigned ways = 8;

/// All that a life needs to know, in memory that it shares with the case.
struct Life {
    Way way;
    Word moment;                        ///< differs from life to life
    l4::ThreadId midwife;               ///< the case
    l4::ThreadId sink;                  ///< takes messages
    Address silent;                     ///< nobody brings pages from here on
    Word child_numbers[children];
    Word child_stacks[children];
};

/// Somebody for the lives to talk to. It has room for a message and a window for pages.
class Sink {
public:
    explicit Sink (Address window)
    {
        Message message { buffer_, dwords };
        message.window () = l4::Fpage::memory (window, l4::page_bits).raw ();
        receive_ = message.receiving ().open ();
    }

    static void run (void* sink)
    {
        auto& self = *static_cast<Sink*> (sink);
        for (;;)
            static_cast<void> (rt::ipc (l4::SendDescriptor::nil (), self.receive_, {},
                                        l4::Timeouts::never (), 0, 0));
    }

    static constexpr unsigned dwords = 64;

private:
    Word buffer_[Message::words (dwords)];
    l4::ReceiveDescriptor receive_ { l4::ReceiveDescriptor::nil () };
};

void compute ()
{
    asm volatile ("fninit\n\tfldpi\n\tfld1\n\tfaddp");
}

void start_threads (Life const& life)
{
    constexpr Word threads = 6;
    bool const hurries = life.moment == 0;      // each busy thread costs a time slice
    for (Word lthread = 1; lthread <= threads; ++lthread) {
        Word const kind = (life.moment + lthread) % 4;
        // A thread that begins at a silent address faults for ever.
        Address const entry = kind == 0              ? address_of (guest_open_wait)
                              : kind == 1            ? life.silent + l4::page_size * lthread
                              : kind == 2 && hurries ? address_of (guest_busy)
                                                     : address_of (guest_park_forever);
        ex_regs (lthread, 0, entry);
    }
}

/// Message whose words lie where no page comes.
void transfer (Life const& life)
{
    static_cast<void> (rt::ipc (l4::SendDescriptor { life.silent + (life.moment % 8) * 0x1000 },
                                l4::ReceiveDescriptor::registers (), life.sink,
                                l4::Timeouts::never (), 1, 2));
}

void map_on (Life const& life)
{
    Word own = 0;
    auto const page = reinterpret_cast<Address> (&own) & ~(l4::page_size - 1);
    for (Word i = 0; i <= life.moment % 3; ++i)
        static_cast<void> (rt::send_fpage (life.sink, page,
                                           l4::Fpage::memory (page, l4::page_bits), bounded));
}

/// The pager of one's children: they see what the chief sees, and nothing where it sees nothing.
[[noreturn]] void page_children (Life const& life)
{
    auto request = rt::wait ();
    for (;;) {
        Address const page = request.w0 & ~(l4::page_size - 1);
        if (!request.dope.ok () || page >= life.silent) {
            request = rt::wait ();
            continue;
        }
        static_cast<void> (guest_read (page));
        request = rt::reply_fpage_and_wait (request.source, page,
                                            l4::Fpage::memory (page, l4::page_bits));
    }
}

[[noreturn]] void head_clan (Life const& life)
{
    static_cast<void> (rt::receive (life.midwife));     // the numbers have been handed over
    for (unsigned n = 0; n < children; ++n)
        CHECK (!rt::task_new ({ life.child_numbers[n] << 17, 0 }, any_mcp, life.child_stacks[n],
                              address_of (guest_park_forever), rt::myself ()).is_nil ());
    page_children (life);
}

void live (void* argument)
{
    auto const& life = *static_cast<Life const*> (argument);
    static_cast<void> (rt::send (life.midwife, { life.moment, 0 }));
    switch (life.way) {
    case Way::sleeps: break;
    case Way::computes: compute (); break;
    case Way::sends: static_cast<void> (rt::send (life.midwife, { 0, 0 })); break;
    case Way::has_threads: start_threads (life); break;
    case Way::faults: static_cast<void> (guest_read (life.silent)); break;
    case Way::transfers: transfer (life); break;
    case Way::maps_on: map_on (life); break;
    case Way::has_clan: head_clan (life);
    }
    // A finite sleep, so that it dies with a timeout in the queue.
    rt::sleep (l4::Timeout::at_least (10'000'000));
    rt::sleep_forever ();
}

/// Has tasks born and deleted.
class Campaign {
public:
    explicit Campaign (Word seed) : random_ { seed }
    {
        answer_window_faults (WindowFaults::silence);
        life_.midwife = rt::myself ();
        life_.silent = fresh_window (l4::superpage_bits);
        life_.sink = start_partner (Sink::run, &sink_).id ();
        for (unsigned n = 0; n < children; ++n) {
            life_.child_numbers[n] = take_task_number ();
            life_.child_stacks[n] = fresh_stack ();
        }
        stack_ = reinterpret_cast<Word*> (fresh_stack ());
    }

    /// One life of each way. @return whether all came to life
    [[nodiscard]] bool each_way ()
    {
        bool all = true;
        for (Word way = 0; way < ways; ++way)
            all &= one_life (static_cast<Way> (way));
        return all;
    }

    /// @return whether all came to life
    [[nodiscard]] bool any_way (unsigned lives)
    {
        bool all = true;
        while (lives-- != 0)
            all &= one_life (static_cast<Way> (random_.below (ways)));
        return all;
    }

    /// What is free when nobody lives.
    [[nodiscard]] Word free_memory ()
    {
        CHECK (make_inactive (number_));
        settle ();
        return rt::kip ().free_kernel_memory;
    }

private:
    [[nodiscard]] bool one_life (Way way)
    {
        life_.way = way;
        life_.moment = random_.below (64);
        l4::ThreadId const id = own_task_id (number_, ++lives_ & 0x3FFF);
        if (rt::task_new (id, any_mcp, prepare_stack (stack_, live, &life_), thread_entry (),
                          pager_id ()) != id)
            return false;
        auto const cry = rt::receive (id, bounded);
        bool const born = cry.dope.ok () && cry.w0 == life_.moment
                          && (way != Way::has_clan || endow (id));
        for (Word n = life_.moment % 8; n != 0; --n)
            rt::thread_switch (l4::ThreadId::nil ());
        // Every other one dies when the next is born.
        return born && (lives_ % 2 == 0 || make_inactive (number_));
    }

    /// A chief needs numbers for its children. They come back when it is deleted.
    [[nodiscard]] bool endow (l4::ThreadId chief)
    {
        for (Word number : life_.child_numbers)
            if (rt::task_new (own_task_id (number), chief.low (), 0, 0, l4::ThreadId::nil ())
                    .is_nil ())
                return false;
        return rt::send (chief, {}, bounded).ok ();
    }

    [[nodiscard]] static bool make_inactive (Word number)
    {
        return !rt::task_new (own_task_id (number), rt::myself ().low (), 0, 0,
                              l4::ThreadId::nil ()).is_nil ();
    }

    Random random_;
    Life life_ {};
    Sink sink_ { fresh_window () };
    Word number_ { take_task_number () };
    Word* stack_ { nullptr };
    unsigned lives_ { 0 };
};

}  // namespace

TEST_CASE ("LIF-001", "what a hundred tasks held in a hundred lives comes back",
           "V2-304 V2-100 V2-376 V2-008")
{
    constexpr unsigned lives = 100;
    Campaign campaign { 2011 + selection.seed };
    REQUIRE (campaign.each_way ());
    Word const before = campaign.free_memory ();
    CHECK (before != 0 && before < rt::kip ().kernel_memory);
    for (Word n = 0; n < selection.times; ++n) {
        REQUIRE (campaign.any_way (lives));
        REQUIRE_EQUAL (campaign.free_memory (), before);
    }
}
