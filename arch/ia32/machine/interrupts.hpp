// SPDX-License-Identifier: BSD-2-Clause
/// @file  Interrupts on and off. The kernel runs with interrupts off, except where it says so.
#pragma once

namespace machine {

/// Serve what is pending. STI works only behind the next instruction.
inline void let_interrupts_in () { asm volatile ("sti; nop; cli" : : : "memory"); }

}  // namespace machine
