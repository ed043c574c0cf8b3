// SPDX-License-Identifier: BSD-2-Clause
/// @file  The idle thread: sleeps with interrupts on.
#pragma once

#include <core/tcb.hpp>

namespace machine {

/// Leave the start-up stack for that of `idle` and sleep for ever. Interrupts come on.
[[noreturn]] void idle (kernel::Tcb& idle);

}  // namespace machine
