// SPDX-License-Identifier: BSD-2-Clause
/// @file  Timeouts of blocked threads, by the kernel's clock.
///
/// Lazy: a thread whose partner came in time stays in the timeout queue until its time comes or
/// it blocks again with an earlier deadline. An RPC with a long timeout thus costs one store.
/// `Tcb::has_deadline ()` and `Tcb::deadline` are the truth, the queue only says when to look.
#pragma once

#include <core/tcb.hpp>
#include <l4/kip.hpp>

namespace kernel::wakeup {

/// Take memory for the queue from the front of `pool`: a word for each thread that fits into it.
/// Once, at start-up.
void take_room (l4::MemoryRange& pool);

/// Have `ipc::expire` called for `thread` when `timeout` has passed. Infinite: never.
/// Never early; late by less than two ticks.
void arm (Tcb& thread, l4::Timeout timeout);

/// The thread is no longer blocked.
inline void disarm (Tcb& thread) { thread.timeout_armed = false; }

/// `thread` is being deleted.
void forget (Tcb& thread);

/// One tick has passed: wake those whose time has come, a bounded number at once.
void tick ();

/// Whether the timeout queue's invariants hold. Slow.
[[nodiscard]] bool is_consistent ();

}  // namespace kernel::wakeup
