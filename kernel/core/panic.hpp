// SPDX-License-Identifier: BSD-2-Clause
/// @file  The end: say what happened, as completely as possible, and stop.
#pragma once

#include <machine/trap_frame.hpp>

namespace kernel {

/// Print `reason`, the registers of `frame` if given, and the return addresses on the stack.
/// Under an emulator the machine is then left with a failure status.
[[noreturn]] void panic (char const* reason, machine::TrapFrame const* frame = nullptr);

}  // namespace kernel
