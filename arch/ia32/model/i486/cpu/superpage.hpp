// SPDX-License-Identifier: BSD-2-Clause
/// @file  4 MB pages: the 486 has none, so 4 MB regions are always tables of 4 KB pages.
#pragma once

#include <machine/page_entry.hpp>

namespace cpu {

/// log2 of the largest page that one entry can map.
constexpr unsigned largest_page_bits = l4::page_bits;

/// Never called: no page is larger than 4 KB.
inline machine::PageEntry superpage_entry (machine::PageEntry entry) { return entry; }
inline void split_superpage (machine::PageEntry, machine::PageEntry*) {}

}  // namespace cpu
