// SPDX-License-Identifier: BSD-2-Clause
/// @file  An entry of a page directory or page table.
///
/// Source: Intel486 Programmer's Reference Manual, 5.3; Pentium, volume 3, 11.3 (4 MB pages).
#pragma once

#include <l4/fpage.hpp>

namespace machine {

using l4::Address;
using l4::Word;

class PageEntry {
public:
    static constexpr Word present = 1 << 0;
    static constexpr Word writable = 1 << 1;
    static constexpr Word user = 1 << 2;
    static constexpr Word write_through = 1 << 3;
    static constexpr Word cache_disabled = 1 << 4;
    static constexpr Word accessed = 1 << 5;
    static constexpr Word dirty = 1 << 6;
    static constexpr Word superpage = 1 << 7;
    static constexpr Word kept = 1 << 9;            ///< ours: PageDirectory::keep_table
    static constexpr Word uncached = write_through | cache_disabled;

    constexpr PageEntry () = default;
    constexpr PageEntry (Address physical, Word flags) : raw_ { physical | flags } {}

    [[nodiscard]] constexpr Word raw () const { return raw_; }
    [[nodiscard]] constexpr bool is_present () const { return (raw_ & present) != 0; }
    [[nodiscard]] constexpr bool is_writable () const { return (raw_ & writable) != 0; }
    [[nodiscard]] constexpr bool is_uncached () const { return (raw_ & cache_disabled) != 0; }
    [[nodiscard]] constexpr bool is_kept () const { return (raw_ & kept) != 0; }
    /// In a directory: maps 4 MB instead of naming a table.
    [[nodiscard]] constexpr bool is_superpage () const { return (raw_ & superpage) != 0; }
    /// In a directory: names a table.
    [[nodiscard]] constexpr bool is_table () const
    {
        return ((raw_ ^ present) & (present | superpage)) == 0;
    }
    [[nodiscard]] constexpr Address frame () const { return raw_ & ~(l4::page_size - 1); }
    [[nodiscard]] constexpr Word flags () const { return raw_ & (l4::page_size - 1); }

private:
    Word raw_ { 0 };
};

static_assert (sizeof (PageEntry) == 4);

}  // namespace machine
