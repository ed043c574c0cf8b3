// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the first instruction to the first thread.
#pragma once

#include <l4/word.hpp>

namespace ia32 {

constexpr l4::Word boot_stack_size = 4096;
/// Longest command line plus its terminating zero.
constexpr l4::Word command_line_size = 512;

}  // namespace ia32

/// startup.asm calls it with paging on. @param magic  EAX at the entry
extern "C" [[noreturn]] void kernel_main (l4::Word magic);
