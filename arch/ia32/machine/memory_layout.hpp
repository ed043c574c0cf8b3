// SPDX-License-Identifier: BSD-2-Clause
/// @file  Virtual memory layout: which gigabyte, megabyte and page is whose.
///
///     00000000  user space, 3 GB
///     C0000000  small spaces, 512 MB; slot 0 is the guard
///     E0000000  thread control blocks, 256 MB: 2^18 of 1 KB
///     F0000000  physical memory from 0, 128 MB: kernel image, kernel memory pool
///     F8000000  single pages: the hot page, with the I/O permission bitmap behind it
///     F9000000  copy window, 8 MB of another space; each page directory has its own
#pragma once

#include <l4/word.hpp>

namespace machine {

using l4::Address;
using l4::Word;

constexpr Address small_spaces_begin = 0xC0000000;
constexpr Address tcb_area_begin = 0xE0000000;
constexpr Address tcb_area_end = 0xF0000000;
constexpr Word tcb_size = 1024;

/// Physical address `p` below `window_size` is visible at `window_begin + p` where mapped.
constexpr Address window_begin = 0xF0000000;
constexpr Word window_size = 0x08000000;

constexpr Address single_pages_begin = 0xF8000000;
/// Descriptor tables, fast paths and TSS (kernel.ld), with the I/O permission bitmap behind.
constexpr Address hot_page = single_pages_begin;

constexpr Address copy_window_begin = 0xF9000000;
constexpr Word copy_window_size = 0x00800000;

/// The TSS at the end of the hot page, two pages of I/O permission bitmap, and a page whose first
/// byte ends it.
constexpr Address task_state = hot_page + 0xF80;
constexpr Address io_bitmap = hot_page + 0x1000;
constexpr Word io_bitmap_size = 0x2000;
constexpr Word io_bitmap_offset = io_bitmap - task_state;
constexpr Word task_state_size = io_bitmap_offset + io_bitmap_size + 1;
/// I/O base beyond the TSS's limit: every port access of a user thread faults.
constexpr Word no_io_bitmap = 0xFFFF;

[[nodiscard]] inline void* to_virtual (Address physical)
{
    return reinterpret_cast<void*> (physical + window_begin);
}

[[nodiscard]] inline Address to_physical (void const* p)
{
    return reinterpret_cast<Address> (p) - window_begin;
}

/// The entries of a page directory that all spaces share, and its size in entries.
constexpr unsigned shared_entries_begin = tcb_area_begin >> 22;
constexpr unsigned shared_entries_end = copy_window_begin >> 22;
constexpr unsigned directory_entries = 1024;

}  // namespace machine
