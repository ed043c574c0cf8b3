// SPDX-License-Identifier: BSD-2-Clause
/// @file  Instructions that mean something special in l4env tasks: `int3` prints, `lock; nop`
///        finds the kernel info page (docs/abi.md, 10.5).
#pragma once

#include <core/tcb.hpp>

#include <machine/trap_frame.hpp>

namespace ia32 {

/// An `int3` of an l4env task, the running thread `self`. Whatever the bytes behind it are, the
/// thread goes on there.
void debug_call (kernel::Tcb& self, machine::TrapFrame& frame);

/// An invalid instruction of such a task. @return whether it was `lock; nop`; then it is done
[[nodiscard]] bool emulate_lock_nop (kernel::Tcb& self, machine::TrapFrame& frame);

}  // namespace ia32
