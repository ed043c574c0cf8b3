// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: none. What they save is the TLB flush of a CR3 load,
/// which costs little here.
#pragma once

namespace cpu {

constexpr bool has_small_spaces = false;

}  // namespace cpu
