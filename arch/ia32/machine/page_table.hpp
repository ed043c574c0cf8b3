// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page directories and tables of user spaces: look up, enter, create.
///
/// Knows bits and levels; who may map what is decided in kernel/core/map.cpp.
///
/// User pages have 4 KB, also where the processor could do 4 MB. Each page table has a companion
/// frame, with a pointer for each entry: its node in the mapping database.
///
/// Invariant: entries from `shared_entries_begin` up are the same in every directory, except for
/// the copy window. Page
/// tables lie in the kernel memory pool and are reached through the physical-memory window.
#pragma once

#include <core/kernel_memory.hpp>

#include <machine/memory_layout.hpp>
#include <machine/page_entry.hpp>

namespace machine {

/// A page as a space sees it.
struct Page {
    Address frame { 0 };        ///< physical
    bool mapped { false };
    bool writable { false };
    bool uncached { false };

    [[nodiscard]] bool is_mapped () const { return mapped; }
};

class PageDirectory {
public:
    /// A directory with an empty user part. Null if kernel memory is used up.
    [[nodiscard]] static PageDirectory* create (kernel::Quota& quota);

    /// The directory that is filled at start-up; every other one copies its shared part.
    [[nodiscard]] static PageDirectory& master ();

    [[nodiscard]] Address physical () const { return to_physical (this); }

    /// What is mapped at `address`, a user address.
    [[nodiscard]] Page lookup (Address address) const;

    /// First address behind the page table or page around `address` if nothing is mapped there at
    /// all, so that loops can skip it; 0 behind the last.
    [[nodiscard]] Address skip_unmapped (Address address) const;

    /// The entry for the page at `address`; null if there is no page table.
    [[nodiscard]] PageEntry* find_entry (Address address) const;

    /// The same, with a page table made if need be. Null if kernel memory is used up.
    [[nodiscard]] PageEntry* provide_entry (Address address, kernel::Quota& quota);

    /// Give the page table with the lowest number from `index` on back, and advance `index`. All
    /// its pages have been taken away. @return whether there was none left
    [[nodiscard]] bool free_next_table (Word& index);

    /// The directory entry that covers 4 MB number `index` of user space.
    [[nodiscard]] PageEntry raw_entry (unsigned index) const { return entries_[index]; }

    /// An entry of the copy window, the one place of the kernel's part where directories differ.
    void set_private_window (unsigned index, PageEntry entry) { entries_[index] = entry; }

    /// Let all directories share `entry` at `index`, which lies in the shared part.
    /// The caller sees to the existing ones.
    void set_shared (unsigned index, PageEntry entry) { entries_[index] = entry; }
    [[nodiscard]] PageEntry shared (unsigned index) const { return entries_[index]; }

private:
    [[nodiscard]] PageEntry* table (unsigned index) const
    {
        return static_cast<PageEntry*> (to_virtual (entries_[index].frame ()));
    }

    PageEntry entries_[directory_entries];
};

static_assert (sizeof (PageDirectory) == l4::page_size);

/// A page-table entry that shows `page`.
[[nodiscard]] constexpr PageEntry entry_for (Page const& page)
{
    return { page.frame, PageEntry::present | PageEntry::user
                             | (page.writable ? PageEntry::writable : 0)
                             | (page.uncached ? PageEntry::uncached : 0) };
}

}  // namespace machine
