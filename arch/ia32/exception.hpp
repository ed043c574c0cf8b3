// SPDX-License-Identifier: BSD-2-Clause
/// @file  Processor exceptions: page-fault RPC, repair, shutdown of the thread, or panic.
#pragma once

#include <l4/word.hpp>

#include <machine/trap_frame.hpp>

namespace ia32 {

/// While non-zero: where a protection fault of the kernel continues. Only the limit probe uses it.
extern l4::Word limit_probe_resume;

/// Entered by a task gate on its own stack. Reports and stops.
[[noreturn]] void double_fault ();

}  // namespace ia32

/// Every exception arrives here, from entry/traps.asm.
extern "C" void handle_exception (machine::TrapFrame& frame);
