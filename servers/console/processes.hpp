// SPDX-License-Identifier: BSD-2-Clause
/// @file  The commands about running programs: ps, mem, kill, restart.
#pragma once

#include "command.hpp"

namespace console {

void print_programs ();
void print_memory_use ();

/// kill NAME, restart NAME. @return false: it says why not
[[nodiscard]] bool control_program (Command const& command);

}  // namespace console
