// SPDX-License-Identifier: BSD-2-Clause
/// @file  The terminal as a device: keys, what is printed, and who may use it when.
///
/// Source: POSIX.1, chapter 11; ioctl_tty(2).
#pragma once

#include <string_view>

#include "../system.hpp"
#include "open_file.hpp"

namespace unix_server {

/// Line editing, 80 columns, controlled by the session of the first process.
void open_terminal (System& system, Word session);

/// Keys were typed.
void type (System& system, std::string_view keys);

/// The process has ended: a session without its leader has no terminal.
void leave_terminal (System& system, Word pid);

extern FileOperations const terminal_operations;

}  // namespace unix_server
