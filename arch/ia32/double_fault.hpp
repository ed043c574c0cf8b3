// SPDX-License-Identifier: BSD-2-Clause
/// @file  The exception that the kernel's own stack cannot take.
#pragma once

namespace ia32 {

/// Entered by a task gate on its own stack. Reports and stops.
[[noreturn]] void double_fault ();

}  // namespace ia32
