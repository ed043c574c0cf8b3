// SPDX-License-Identifier: BSD-2-Clause
/// @file  The commands.
#pragma once

#include "command.hpp"

namespace console {

/// Carry out one command, including its status line.
void run_command (Command const& command);

}  // namespace console
