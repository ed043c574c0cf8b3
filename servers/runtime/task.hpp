// SPDX-License-Identifier: BSD-2-Clause
/// @file  Tasks of a program: address spaces of its own making, with the task numbers that the
///        root task has handed over. They are its clan, and gone when it ends.
#pragma once

#include <runtime/info_page.hpp>
#include <runtime/ipc.hpp>
#include <runtime/thread.hpp>

namespace rt {

/// Start task number `n` of those handed over (0 and up) at `function (argument)`, in an empty
/// space: all of its memory comes from `pager`, which gets its faults as the kernel sends them
/// (l4/protocol/page_fault.hpp). A task with this number is deleted first.
/// @param stack_top  in the new space, and mapped here as well: two words are put there
/// @return nil: no such number, or the kernel refuses
l4::ThreadId start_task (Word n, void* stack_top, ThreadFunction function, void* argument,
                         l4::ThreadId pager);

/// The same at an address of the new space; nothing is put anywhere.
/// @param mcp  the highest priority that the task may give to its threads
l4::ThreadId start_task_at (Word n, Address stack_pointer, Address entry, l4::ThreadId pager,
                            Word mcp);

/// Delete it; its number can be used again.
void end_task (Word n);

}  // namespace rt
