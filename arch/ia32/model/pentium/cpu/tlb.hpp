// SPDX-License-Identifier: BSD-2-Clause
/// @file  Translation lookaside buffer: 32 entries for code, 64 for data, 8 for data in 4 MB pages.
///
/// INVLPG drops one entry and reloading CR3 all of them; neither processor has global pages.
#pragma once

#include <control.hpp>

namespace cpu {

inline void flush_page (ia32::Word address) { ia32::invalidate_page (address); }
inline void flush_tlb () { ia32::write_cr3 (ia32::read_cr3 ()); }

}  // namespace cpu
