// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who runs: priorities, time slices, direct switch.
///
/// The ready queue is lazy (SOSP'93, 5.3.4): it holds at least every ready thread but the
/// running one. A thread that blocks stays in it until the dispatcher meets it; one that is
/// woken by a direct switch need not enter it. So an IPC between two threads touches no queue.
///
/// A direct switch ignores priorities and hands over the rest of the time slice: the receiver
/// works for the sender. The slice's owner, not the thread that runs, is charged.
#pragma once

#include <core/tcb.hpp>

namespace kernel::scheduler {

constexpr l4::Timeout default_slice { 11, 39 };         // 9.98 ms: 10 ticks
constexpr Word unlimited_slice = ~Word { 0 };

/// Thread switches so far, but for those of fast paths, which nobody needs to know of who looks.
extern Word switches asm ("scheduler_switches");

/// The dispatcher has let interrupts in: nobody may be switched to.
extern bool is_dispatching asm ("scheduler_is_dispatching");

/// Whose time slice is being used up; null: the idle thread's.
extern Tcb* slice_owner asm ("scheduler_slice_owner");

/// The thread that runs when no other is ready.
void set_idle (Tcb& idle);

/// A ready thread other than the running one may run when its turn comes. One without a time
/// slice of its own has no turns: it runs only on time that is handed over to it.
void enqueue (Tcb& thread) asm ("scheduler_enqueue");

/// Run `next`, which must be ready, on the rest of the current time slice. Returns when the
/// running thread is switched to again.
void switch_to (Tcb& next);

/// The running thread has blocked or died: run the best ready one. Returns when the running
/// thread is ready again and has been switched to.
void block () asm ("scheduler_block");

/// Give the rest of the slice up; threads of the same priority run first.
void yield ();

/// Run a better thread than the running, ready one if there is one.
void preempt ();

/// An interrupt has made `thread` ready: run it at once if it is better than the running thread.
void wake (Tcb& thread);

/// Let pending interrupts in, but run nobody: whom they wake is looked for afterwards. For those
/// who are about to switch.
void take_interrupts ();

/// Let pending interrupts in, between the steps of a long operation on a thread's stack. Others
/// may run meanwhile. @return whether the address space may have been left
bool serve_interrupts ();

/// `thread`, not the running one, is being deleted.
void forget (Tcb& thread);

/// Charge one tick to the slice's owner. Run somebody else if the slice is used up or a better
/// thread is ready.
/// @param in_user_mode  where the clock interrupted the running thread
void tick (bool in_user_mode);

/// Change a thread's priority and time slice. The best thread runs at once.
void set_parameters (Tcb& thread, Word priority, l4::Timeout slice);

/// Give `thread` time slices of this length, from the next on.
void set_slice (Tcb& thread, l4::Timeout slice);

/// Whether the ready queue's invariants hold. Slow.
[[nodiscard]] bool is_consistent ();

}  // namespace kernel::scheduler
