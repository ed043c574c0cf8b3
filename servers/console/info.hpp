// SPDX-License-Identifier: BSD-2-Clause
/// @file  The command `info`.
#pragma once

namespace console {

void print_info ();

}  // namespace console
