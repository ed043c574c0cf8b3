// SPDX-License-Identifier: BSD-2-Clause
#include <core/scheduler.hpp>

#include <core/preemption.hpp>
#include <core/time.hpp>
#include <lib/assert.hpp>

#include <machine/context.hpp>
#include <machine/interrupts.hpp>
#include <machine/tcb_area.hpp>

namespace kernel::scheduler {

Word switches;
bool is_dispatching;
Tcb* slice_owner;

namespace {

ReadyQueue<Tcb, &Tcb::ready_link> ready_queue;
Tcb* idle;

/// Blocked threads thrown out of the ready queue with interrupts off.
constexpr unsigned thrown_out_at_once = 8;

/// The best ready thread that is queued; blocked ones that come first are thrown out. There may be
/// as many as users like, so interrupts are served in between; a tick then switches to nobody.
Tcb* best_queued ()
{
    for (unsigned n = 1;; ++n) {
        Tcb* thread = ready_queue.first ();
        if (thread == nullptr || thread->is_ready ())
            return thread;
        ready_queue.remove (*thread);
        if (n % thrown_out_at_once == 0)
            scheduler::take_interrupts ();
    }
}

bool has_own_slice (Tcb const& thread)
{
    return thread.slice_ticks != 0;
}

void refill_slice (Tcb& thread) { thread.slice_left = thread.slice_ticks; }

void run (Tcb& self, Tcb& next)
{
    if (&self == &next)
        return;
    ++switches;
    machine::switch_to (self, next);
}

/// Run `next` on a time slice of its own.
void run_on_own_slice (Tcb& self, Tcb& next)
{
    slice_owner = &next;
    if (next.slice_left == 0)
        refill_slice (next);
    run (self, next);
}

}  // namespace

void set_idle (Tcb& thread) { idle = &thread; }

void enqueue (Tcb& thread)
{
    ASSERT (thread.is_ready ());
    if (!thread.ready_link.is_queued () && has_own_slice (thread))
        ready_queue.enqueue_tail (thread, thread.priority);
}

void switch_to (Tcb& next)
{
    ASSERT (next.is_ready ());
    run (machine::tcb_area::current (), next);
}

void block ()
{
    Tcb& self = machine::tcb_area::current ();
    Tcb* next = best_queued ();
    run_on_own_slice (self, next == nullptr ? *idle : *next);
}

void yield ()
{
    Tcb& self = machine::tcb_area::current ();
    if (self.ready_link.is_queued ())
        ready_queue.remove (self);
    enqueue (self);
    refill_slice (self);
    Tcb* next = best_queued ();
    run_on_own_slice (self, next == nullptr ? *idle : *next);
}

void preempt ()
{
    Tcb& self = machine::tcb_area::current ();
    Tcb* best = best_queued ();
    if (best == nullptr || (&self != idle && best->priority <= self.priority))
        return;
    if (&self != idle)
        enqueue (self);
    run_on_own_slice (self, *best);
}

void wake (Tcb& thread)
{
    enqueue (thread);
    Tcb& self = machine::tcb_area::current ();
    bool const better = &self == idle || thread.priority > self.priority;
    if (!better || is_dispatching || !has_own_slice (thread))
        return;
    if (&self != idle)
        enqueue (self);
    run_on_own_slice (self, thread);
}

void forget (Tcb& thread)
{
    if (thread.ready_link.is_queued ())
        ready_queue.remove (thread);
    if (slice_owner == &thread)
        slice_owner = &machine::tcb_area::current ();
}

void take_interrupts ()
{
    bool const was_dispatching = is_dispatching;
    is_dispatching = true;
    machine::let_interrupts_in ();
    is_dispatching = was_dispatching;
}

bool serve_interrupts ()
{
    Word const before = switches;
    machine::let_interrupts_in ();
    return switches != before;
}

void tick (bool in_user_mode)
{
    if (is_dispatching)
        return;
    Tcb& self = machine::tcb_area::current ();
    if (&self == idle)
        return preempt ();
    ++self.cpu_ticks;
    Tcb& owner = *slice_owner;
    if (owner.slice_left != unlimited_slice && owner.slice_left != 0)
        --owner.slice_left;
    if (owner.slice_left == 0) {
        refill_slice (owner);
        if (in_user_mode)
            preemption::report (self, owner);
        return yield ();
    }
    preempt ();
}

void set_parameters (Tcb& thread, Word priority, l4::Timeout slice)
{
    thread.priority = static_cast<std::uint8_t> (priority);
    set_slice (thread, slice);
    refill_slice (thread);
    if (thread.ready_link.is_queued ())
        ready_queue.remove (thread);
    if (thread.is_ready () && &thread != &machine::tcb_area::current ())
        enqueue (thread);
    preempt ();
}

void set_slice (Tcb& thread, l4::Timeout slice)
{
    thread.slice_exponent = static_cast<std::uint8_t> (slice.exponent);
    thread.slice_mantissa = static_cast<std::uint8_t> (slice.mantissa);
    thread.slice_ticks = slice.is_infinite () ? unlimited_slice : ticks_at_least (slice);
}

bool is_consistent () { return ready_queue.consistent (); }

}  // namespace kernel::scheduler
