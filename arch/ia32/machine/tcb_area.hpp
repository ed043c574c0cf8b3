// SPDX-License-Identifier: BSD-2-Clause
/// @file  The virtual array of thread control blocks.
///
/// Id to TCB is one AND and one OR. TCBs that do not exist read as zeros, so "does it exist" is
/// "is this its id": the whole area is mapped from the start, to one page table whose entries
/// all name one read-only page of zeros. Creating a thread replaces what it needs of that by
/// memory of its own. (Liedtke, "Improving IPC by kernel design", SOSP'93, 5.3.)
#pragma once

#include <core/kernel_memory.hpp>
#include <l4/thread_id.hpp>

#include <machine/memory_layout.hpp>

namespace kernel {
struct Tcb;
}

namespace machine::tcb_area {

static_assert (l4::ThreadId::index_mask / tcb_size == l4::ThreadId::tasks
                                                           * l4::ThreadId::threads_per_task - 1);

/// The TCB that `id` names by task and lthread. Always readable.
[[nodiscard]] inline kernel::Tcb& tcb (l4::ThreadId id)
{
    return *reinterpret_cast<kernel::Tcb*> (tcb_area_begin
                                            | (id.low () & l4::ThreadId::index_mask));
}

/// The TCB whose kernel stack is in use.
[[nodiscard]] inline kernel::Tcb& current ()
{
    Address stack;
    asm ("movl %%esp, %0" : "=r"(stack));
    return *reinterpret_cast<kernel::Tcb*> (stack & ~(tcb_size - 1));
}

/// Map zeros over the whole area. Once, at start-up.
void initialise ();

/// A step towards a page table for `id`'s TCB; interrupts may be served between steps.
/// @return whether there is one, or kernel memory is used up
[[nodiscard]] bool prepare (l4::ThreadId id);

/// Give the TCB of `id` memory of its own, with its neighbours in the same page.
/// @return false if kernel memory is used up
[[nodiscard]] bool provide (l4::ThreadId id, kernel::Quota& quota);

/// Take the page around `id`'s TCB back, whose threads are all gone.
void withdraw (l4::ThreadId id);

constexpr Word tcbs_per_page = l4::page_size / tcb_size;

}  // namespace machine::tcb_area
