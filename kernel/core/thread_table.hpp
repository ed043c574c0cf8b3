// SPDX-License-Identifier: BSD-2-Clause
/// @file  Threads by id: look up, create, start.
#pragma once

#include <core/tcb.hpp>

namespace kernel::thread_table {

/// The thread whose complete id is `id`; null if there is none. A stale version, a wrong chief
/// or a wrong nesting depth is a different id.
[[nodiscard]] Tcb* find (l4::ThreadId id);

/// The complete id of the thread with the task and lthread number of `id`, whatever its other
/// fields hold: how an l4env task names threads. `id` itself if there is no such thread, and for
/// nil, invalid and interrupt ids.
[[nodiscard]] l4::ThreadId complete (l4::ThreadId id);

/// `id` as an argument of `invoker`, whose profile decides how it is looked up.
[[nodiscard]] inline l4::ThreadId named_by (Tcb const& invoker, l4::ThreadId id)
{
    return invoker.is_strict () ? id : complete (id);
}

struct Creation {
    l4::ThreadId id;
    Space& space;
    Tcb const& creator;         ///< priority, mcp and time slice are taken over from it
    l4::ThreadId pager;
};

/// A thread without instruction pointer: dead until `start`. The block must not be in use.
/// Null if kernel memory is used up, or if the id means "no thread".
[[nodiscard]] Tcb* create (Creation const& creation);

/// Make a dead thread ready at `eip`, all general registers 0.
void start (Tcb& thread, Address eip, Address esp);

/// The first step of deleting a thread: it never runs again and cannot be found any more.
/// Threads may still be pending at it. May be repeated.
void stop (Tcb& thread);

/// The last step: the block is as if it had never been used. @pre nobody is pending at it
void destroy (Tcb& thread);

}  // namespace kernel::thread_table
