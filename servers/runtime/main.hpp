// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a program defines.
#pragma once

#include <string_view>

// The compiler expects a function of this name to be entered with an unaligned stack. To align
// it, it would need the frame pointer, which a function with a system call cannot spare.
#define main program_main

/// @param arguments  the words behind the program's name
/// @return exit status, 0..255; 0 is success
int main (std::string_view arguments);
