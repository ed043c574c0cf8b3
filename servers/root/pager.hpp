// SPDX-License-Identifier: BSD-2-Clause
/// @file  Thread 4.0: pager of all programs, for memory and for I/O ports.
#pragma once

#include "programs.hpp"

namespace root {

/// w0 of the pager's message to the service thread: some program is in state `faulted`.
constexpr Word fault_notice = 0x100;

[[noreturn]] void serve_faults (Programs& programs);

}  // namespace root
