// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where the root task's own lines go: to the console program while there is one, else
///        straight to the serial port. Only the service thread prints.
#pragma once

#include <l4/thread_id.hpp>
#include <runtime/print.hpp>

namespace root {

/// From now on print through this thread; nil: through the serial port.
void set_log_console (l4::ThreadId console);

}  // namespace root
