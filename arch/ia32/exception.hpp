// SPDX-License-Identifier: BSD-2-Clause
/// @file  Processor exceptions: page-fault RPC, repair, shutdown of the thread, or panic.
#pragma once

#include <machine/trap_frame.hpp>

/// Every exception arrives here, from entry/traps.asm.
extern "C" void handle_exception (machine::TrapFrame& frame);

/// `int n` with an n that has no meaning, in the place of the error code.
extern "C" void handle_unused_vector (machine::TrapFrame& frame);

/// The end of a page fault's call to the pager, for a thread that waited without a stack.
extern "C" void resume_page_fault (machine::TrapFrame& frame);
