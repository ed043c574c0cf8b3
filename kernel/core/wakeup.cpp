// SPDX-License-Identifier: BSD-2-Clause
#include <core/wakeup.hpp>

#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/time.hpp>
#include <lib/align.hpp>

namespace kernel {

Tick now;

namespace wakeup {

namespace {

/// Threads looked at in one tick, interrupts coming in in between: a crowd with the same deadline
/// follows with the next ticks.
constexpr unsigned most_per_tick = 4;
bool is_looking;

TimeoutQueue<Tcb, &Tcb::timeout_link> queue;

}  // namespace

void take_room (l4::MemoryRange& pool)
{
    Word const threads = (pool.high - pool.low) / sizeof (Tcb);
    queue.use (reinterpret_cast<Tcb**> (pool.low));
    pool.low += lib::align_up (static_cast<Word> (threads * sizeof (Tcb*)), l4::page_size);
}

void arm (Tcb& thread, l4::Timeout timeout)
{
    if (timeout.is_infinite ())
        return;
    thread.deadline = now + ticks_at_least (timeout) + 1;       // part of a tick has passed
    thread.timeout_armed = true;
    if (thread.timeout_link.is_queued ()) {
        if (!is_before (thread.deadline, thread.timeout_link.deadline))
            return;                                             // looked at early enough
        queue.remove (thread);
    }
    queue.insert (thread, thread.deadline);
}

void forget (Tcb& thread)
{
    thread.timeout_armed = false;
    if (thread.timeout_link.is_queued ())
        queue.remove (thread);
}

namespace {

/// Look at the first of the queue. @return whether it was its time
bool look ()
{
    Tcb* const thread = queue.first ();
    if (thread == nullptr || is_before (now, thread->timeout_link.deadline))
        return false;
    if (thread->has_deadline () && is_before (now, thread->deadline)) {
        queue.postpone_first (thread->deadline);
        return true;
    }
    queue.remove (*thread);
    if (thread->has_deadline ())
        ipc::expire (*thread);
    return true;
}

}  // namespace

void tick ()
{
    if (is_looking)                 // the tick before is at it
        return;
    is_looking = true;
    for (unsigned n = 0; n < most_per_tick && look (); ++n)
        scheduler::take_interrupts ();
    is_looking = false;
}

bool is_consistent () { return queue.consistent (); }

}  // namespace wakeup

}  // namespace kernel
