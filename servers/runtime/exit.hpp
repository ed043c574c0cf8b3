// SPDX-License-Identifier: BSD-2-Clause
/// @file  The end of a program.
#pragma once

namespace rt {

/// Tell the root task the status (0..255, 0 is success). Any thread may call this.
[[noreturn]] void exit (int status);

}  // namespace rt
