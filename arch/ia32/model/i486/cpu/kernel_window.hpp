// SPDX-License-Identifier: BSD-2-Clause
/// @file  How the kernel sees physical memory: through page tables, one per 4 MB.
///
/// The first 4 MB are mapped by startup.asm. The tables for the rest are taken from the memory
/// that becomes visible, and filled through a page that is moved from one to the next.
#pragma once

#include <machine/memory_layout.hpp>
#include <machine/page_table.hpp>

#include <cpu/tlb.hpp>

extern "C" machine::PageEntry low_window_table[machine::directory_entries];   // startup.asm

namespace cpu {

inline void enable_window_pages () {}

/// A page of the image whose mapping is borrowed while a table is filled.
alignas (l4::page_size) inline char borrowed_page[l4::page_size];

/// Make [begin, end) of physical memory visible; both page-aligned, below the window's size.
/// @return first byte that was not used for page tables
[[nodiscard]] inline l4::Address map_window (l4::Address begin, l4::Address end)
{
    using machine::PageEntry;
    constexpr l4::Word flags = PageEntry::present | PageEntry::writable;
    auto const borrowed = reinterpret_cast<l4::Address> (borrowed_page);
    PageEntry& slot = low_window_table[machine::to_physical (borrowed_page) / l4::page_size];

    for (l4::Address a = begin & ~(l4::superpage_size - 1); a < end; a += l4::superpage_size) {
        unsigned const index = (machine::window_begin + a) >> l4::superpage_bits;
        auto& master = machine::PageDirectory::master ();
        if (master.shared (index).is_present ())
            continue;
        slot = { begin, flags };
        flush_page (borrowed);
        auto* table = reinterpret_cast<PageEntry*> (borrowed_page);
        for (unsigned i = 0; i < machine::directory_entries; ++i)
            table[i] = { a + i * l4::page_size, flags };
        master.set_shared (index, { begin, flags });
        begin += l4::page_size;
    }
    slot = { machine::to_physical (borrowed_page), flags };
    flush_tlb ();
    return begin;
}

}  // namespace cpu
