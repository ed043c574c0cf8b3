// SPDX-License-Identifier: BSD-2-Clause
/// @file  Instructions that the processor refuses to user mode and the kernel does not
/// (docs/abi.md 10.4): their own tables, debug registers, ports; for trusted tasks a few more.
#pragma once

#include <core/tcb.hpp>

namespace ia32 {

/// The running thread's instruction is a general protection fault with error code 0.
/// @return whether it has been dealt with; otherwise it is an exception
[[nodiscard]] bool emulate (kernel::Tcb& self, machine::TrapFrame& frame);

}  // namespace ia32
