// SPDX-License-Identifier: BSD-2-Clause
/// @file  The files of a process: as it begins, forks, executes and ends.
#pragma once

#include "../system.hpp"

namespace unix_server {

/// One use less; the last one closes it.
void release_file (System& system, OpenFile& file);

/// The first process: the root directory, and the console three times. @return 0, ENFILE
[[nodiscard]] Result open_standard_files (System& system, Process& process);

/// A child has what its parent has.
void inherit_files (Process const& parent, Process& child);

/// Close what is not for the next program.
void close_for_exec (System& system, Process& process);

/// What the process has been waiting for is no more.
void forget_pending (System& system, Process& process);

/// Close everything.
void close_files (System& system, Process& process);

}  // namespace unix_server
