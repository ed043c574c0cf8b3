// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a latency image has instead of arch/ia32/machine/interrupts.hpp: the same, with the
/// clock read before and after.
#pragma once

/// spans.asm
extern "C" void latency_window ();

namespace machine {

inline void let_interrupts_in () { latency_window (); }

}  // namespace machine
