// SPDX-License-Identifier: BSD-2-Clause
/// @file  Open ends of pipes, and fifos: pipes with a name.
///
/// Source: pipe(7), fifo(7); Linux, fs/pipe.c.
#pragma once

#include "../trap/call.hpp"

namespace unix_server {

/// Both ends of a new pipe, each with one use. @return 0, ENFILE
[[nodiscard]] Result make_pipe (System& system, Word flags, OpenFile*& read_end,
                                OpenFile*& write_end);

/// Open a fifo: wait for somebody to open the other end. Meanwhile the file is the call's.
/// @param file  opened, if the outcome is 0
[[nodiscard]] Outcome open_fifo (Call& call, Node& node, Word flags, OpenFile*& file);
[[nodiscard]] Outcome go_on_opening_fifo (Call& call);

}  // namespace unix_server
