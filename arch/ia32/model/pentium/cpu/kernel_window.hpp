// SPDX-License-Identifier: BSD-2-Clause
/// @file  How the kernel sees physical memory: through 4 MB pages, which cost one TLB entry for
/// the whole kernel and no page tables.
#pragma once

#include <control.hpp>
#include <machine/memory_layout.hpp>
#include <machine/page_table.hpp>

#include <cpu/tlb.hpp>

namespace cpu {

/// Replace the page table of the first 4 MB by a 4 MB page.
inline void enable_window_pages ()
{
    using machine::PageEntry;
    ia32::write_cr4 (ia32::read_cr4 () | ia32::cr4::page_size_extensions);
    machine::PageDirectory::master ().set_shared (
        machine::window_begin >> l4::superpage_bits,
        { 0, PageEntry::present | PageEntry::writable | PageEntry::superpage });
    flush_tlb ();
}

/// Make [begin, end) of physical memory visible; both page-aligned, below the window's size.
/// @return first byte that was not used for page tables: `begin`
[[nodiscard]] inline l4::Address map_window (l4::Address begin, l4::Address end)
{
    using machine::PageEntry;
    for (l4::Address a = begin & ~(l4::superpage_size - 1); a < end; a += l4::superpage_size)
        machine::PageDirectory::master ().set_shared (
            (machine::window_begin + a) >> l4::superpage_bits,
            { a, PageEntry::present | PageEntry::writable | PageEntry::superpage });
    flush_tlb ();
    return begin;
}

}  // namespace cpu
