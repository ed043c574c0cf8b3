// SPDX-License-Identifier: BSD-2-Clause
/// @file  Instructions of the kernel that may fault.
#pragma once

#include <l4/word.hpp>

namespace ia32 {

/// While non-zero: where the kernel goes on if it meets a protection fault or an instruction that
/// the processor does not have. Set around a single instruction.
extern l4::Word expected_fault_resume;

}  // namespace ia32
