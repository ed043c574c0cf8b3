// SPDX-License-Identifier: BSD-2-Clause
/// @file  How processes end, stop and go on, and who is told.
#pragma once

#include "../system.hpp"

namespace unix_server {

/// The process ends: its parent gets SIGCHLD and can ask for `status`, unless it does not want to
/// know.
void end_process (System& system, Process& process, Word status);

/// It stops before its next instruction. @pre it is not running
void stop_process (System& system, Process& process, Signal signal);

/// If it is stopped it goes on, with what it was about to do.
void continue_process (System& system, Process& process);

}  // namespace unix_server
