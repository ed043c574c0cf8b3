// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page directories and tables of user spaces: look up, enter, create.
///
/// Knows bits and levels; who may map what is decided in kernel/core/map.cpp.
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
    Address frame { 0 };        ///< physical, aligned to its size
    unsigned bits { 0 };        ///< log2 of the size: 12 or 22; 0 = nothing is mapped
    bool writable { false };
    bool uncached { false };

    [[nodiscard]] bool is_mapped () const { return bits != 0; }
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

    /// First address behind the page-table or page around `address` if nothing is mapped there at
    /// all, so that loops can skip it; 0 behind the last.
    [[nodiscard]] Address skip_unmapped (Address address) const;

    /// Enter a user page, replacing what was there. `address` is aligned to the page's size.
    /// @return false if a page table is needed and kernel memory is used up
    [[nodiscard]] bool enter (Address address, Page const& page, kernel::Quota& quota);

    /// Take the page at `address` away; part of a 4 MB page goes alone.
    /// @return false if that needs a page table and kernel memory is used up
    bool remove (Address address, kernel::Quota& quota);

    /// Give the page table with the lowest number from `index` on back, and advance `index`.
    /// @return whether there was none left
    [[nodiscard]] bool free_next_table (Word& index);

    /// The directory entry that covers 4 MB number `index` of user space.
    [[nodiscard]] PageEntry raw_entry (unsigned index) const { return entries_[index]; }

    /// An entry of the copy window, the one place of the kernel's part where directories differ.
    void set_private_window (unsigned index, PageEntry entry) { entries_[index] = entry; }

    /// Let all directories share `entry` at `index`, which lies in the shared part.
    /// The caller runs `for_each_directory` over the existing ones.
    void set_shared (unsigned index, PageEntry entry) { entries_[index] = entry; }
    [[nodiscard]] PageEntry shared (unsigned index) const { return entries_[index]; }

private:
    [[nodiscard]] PageEntry* table (unsigned index) const
    {
        return static_cast<PageEntry*> (to_virtual (entries_[index].frame ()));
    }
    [[nodiscard]] PageEntry* table_for (Address address, kernel::Quota& quota);

    PageEntry entries_[directory_entries];
};

static_assert (sizeof (PageDirectory) == l4::page_size);

}  // namespace machine
