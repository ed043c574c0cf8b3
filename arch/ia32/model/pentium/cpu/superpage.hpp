// SPDX-License-Identifier: BSD-2-Clause
/// @file  4 MB pages: one directory entry instead of a table.
#pragma once

#include <machine/page_entry.hpp>

namespace cpu {

/// log2 of the largest page that one entry can map.
constexpr unsigned largest_page_bits = l4::superpage_bits;

[[nodiscard]] inline machine::PageEntry superpage_entry (machine::PageEntry entry)
{
    return { entry.frame (),
             (entry.raw () & (l4::page_size - 1)) | machine::PageEntry::superpage };
}

/// Fill `table` with the 4 KB pages that `superpage` consists of.
inline void split_superpage (machine::PageEntry superpage, machine::PageEntry* table)
{
    l4::Word const flags = superpage.raw () & (l4::page_size - 1) & ~machine::PageEntry::superpage;
    for (unsigned i = 0; i < l4::superpage_size / l4::page_size; ++i)
        table[i] = { superpage.frame () + i * l4::page_size, flags };
}

}  // namespace cpu
