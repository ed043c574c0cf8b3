// SPDX-License-Identifier: BSD-2-Clause
/// @file  Exceptions delivered to the thread that caused them (docs/abi.md 10.2).
///
/// A thread names its handlers in a table of its own. The kernel pushes what the processor would
/// push for a handler of the same privilege, and the thread goes on there. Table and stack are
/// read and written in the thread's name: what is missing is fetched by its pager.
#pragma once

#include <core/tcb.hpp>

#include <control.hpp>

namespace ia32 {

using l4::Word;

enum Vector : Word {
    debug_exception = 1,
    non_maskable_interrupt = 2,
    breakpoint = 3,
    invalid_opcode = 6,
    device_not_available = 7,
    segment_not_present = 11,
    stack_fault = 12,
    general_protection = 13,
    page_fault = 14,
    machine_check = 18,
};

/// Bits of a page fault's error code.
constexpr Word page_fault_was_write = 2;
constexpr Word page_fault_was_user = 4;

/// Flags that a handler starts without, as with a trap gate of the processor.
constexpr Word cleared_for_handler = eflags::trap | eflags::nested_task | eflags::resume;

/// The running thread goes on in its handler for `vector`. Without one, or if its stack cannot
/// take the frame, it is shut down, and this does not return.
/// @param code  for vectors that have an error code
void deliver (kernel::Tcb& self, machine::TrapFrame& frame, Word vector, Word code);

}  // namespace ia32
