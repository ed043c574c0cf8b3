// SPDX-License-Identifier: BSD-2-Clause
/// @file  Small address spaces: yes: a switch without a CR3 load saves the refill of the TLB.
#pragma once

namespace cpu {

constexpr bool has_small_spaces = true;

}  // namespace cpu
