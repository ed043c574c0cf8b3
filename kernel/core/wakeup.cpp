// SPDX-License-Identifier: BSD-2-Clause
#include <core/wakeup.hpp>

#include <core/ipc.hpp>
#include <core/time.hpp>

namespace kernel {

Tick now;

namespace wakeup {

namespace {

/// Threads looked at in one tick, so that a crowd with the same deadline cannot keep interrupts
/// off; the rest follows with the next tick.
constexpr unsigned most_per_tick = 2;

TimeoutQueue<Tcb, &Tcb::timeout_link> queue;

}  // namespace

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

void tick ()
{
    for (unsigned n = 0; n < most_per_tick; ++n) {
        Tcb* thread = queue.remove_expired (now);
        if (thread == nullptr)
            return;
        if (!thread->has_deadline ())
            continue;
        if (is_before (now, thread->deadline))
            queue.insert (*thread, thread->deadline);
        else
            ipc::expire (*thread);
    }
}

bool is_consistent () { return queue.consistent (); }

}  // namespace wakeup

}  // namespace kernel
