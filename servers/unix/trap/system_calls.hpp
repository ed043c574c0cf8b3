// SPDX-License-Identifier: BSD-2-Clause
/// @file  The table of system calls.
#pragma once

#include "call.hpp"

namespace unix_server {

/// Carry out the call in `process.trap`, or try again to; its result goes into the call page.
[[nodiscard]] Outcome perform (System& system, Process& process);

}  // namespace unix_server
