// SPDX-License-Identifier: BSD-2-Clause
/// @file  Hardware interrupts.
#pragma once

#include <machine/trap_frame.hpp>

/// Every hardware interrupt arrives here, from entry/traps.asm.
extern "C" void handle_interrupt (machine::TrapFrame& frame);
