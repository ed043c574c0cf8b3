// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page directories and tables of user spaces: look up, enter, create.
///
/// Knows bits and levels; who may map what is decided in kernel/core/map.cpp.
///
/// User pages have 4 KB, or 4 MB where the processor can (cpu/page_sizes.hpp). node_table.hpp says
/// where the nodes of entries are kept.
///
/// Invariant: entries from `shared_entries_begin` up are the same in every directory, except for
/// the copy window. Below them come those of small spaces (small_space.hpp). Page tables lie in
/// the kernel memory pool and are reached through the
/// physical-memory window.
#pragma once

#include <core/kernel_memory.hpp>
#include <l4/fpage.hpp>

#include <cpu/page_sizes.hpp>
#include <machine/memory_layout.hpp>
#include <machine/page_entry.hpp>

namespace kernel {
class MapNode;
}

namespace machine {

constexpr unsigned largest_page_bits = cpu::largest_page_bits;
constexpr bool has_superpages = largest_page_bits > l4::page_bits;

/// A page as a space sees it.
struct Page {
    Address frame { 0 };        ///< physical, of 4 KB
    bool mapped { false };
    bool writable { false };
    bool uncached { false };
    unsigned log2_size { l4::page_bits };       ///< of the page around them

    [[nodiscard]] bool is_mapped () const { return mapped; }
    [[nodiscard]] bool is_superpage () const
    {
        return has_superpages && log2_size > l4::page_bits;
    }
};

class PageDirectory {
public:
    /// A directory with an empty user part. Null if kernel memory is used up.
    [[nodiscard]] static PageDirectory* create (kernel::Quota& quota);

    /// The directory that is filled at start-up; every other one copies its shared part.
    [[nodiscard]] static PageDirectory& master ();

    [[nodiscard]] Address physical () const { return to_physical (this); }

    /// What is mapped at `address`, a user address.
    [[nodiscard]] Page lookup (Address address);

    /// First address behind the page table or page around `address` if nothing is mapped there at
    /// all, so that loops can skip it; 0 behind the last.
    [[nodiscard]] Address skip_unmapped (Address address) const;

    /// The entry for the 4 KB page at `address`; null if there is no page table.
    [[nodiscard]] PageEntry* find_entry (Address address) const
    {
        PageEntry const entry = entries_[address >> l4::superpage_bits];
        if (!entry.is_table ())
            return nullptr;
        Word const index = address >> l4::page_bits & (directory_entries - 1);
        auto* const found = static_cast<PageEntry*> (to_virtual (entry.frame ())) + index;
        if (found == nullptr)
            __builtin_unreachable ();       // callers need not ask again
        return found;
    }

    /// The same, with a page table and room for nodes made if need be. Null if kernel memory is
    /// used up. @pre find_superpage (address) == nullptr
    [[nodiscard]] PageEntry* provide_entry (Address address, kernel::Quota& quota);

    /// The entry of the 4 MB page around `address`; null if there is none.
    [[nodiscard]] PageEntry* find_superpage (Address address)
    {
        PageEntry& entry = entries_[address >> l4::superpage_bits];
        return has_superpages && entry.is_superpage () ? &entry : nullptr;
    }

    /// Whether no 4 KB pages are in the way of a 4 MB page around `address`.
    [[nodiscard]] bool has_place_for_superpage (Address address) const;

    /// The entry for a 4 MB page around `address`: there is one, or it is empty. An empty page
    /// table goes. Null if kernel memory is used up. @pre has_place_for_superpage (address)
    [[nodiscard]] PageEntry* provide_superpage (Address address, kernel::Quota& quota);

    /// The node of the 4 MB page around `address`, of which 4 KB may be missing, or null.
    [[nodiscard]] kernel::MapNode* superpage_node (Address address) const;

    /// Give the directory back, which has no page tables any more.
    static void destroy (PageDirectory& directory);

    /// Give the page table with the lowest number from `index` on back, and advance `index`. All
    /// its pages have been taken away. @return whether there was none left
    [[nodiscard]] bool free_next_table (Word& index);

    /// The directory entry that covers 4 MB number `index` of user space.
    [[nodiscard]] PageEntry raw_entry (unsigned index) const { return entries_[index]; }

    /// The page table that covers 4 MB number `index` is entered elsewhere, too: it stays as long
    /// as the space. @pre there is one
    void keep_table (unsigned index)
    {
        entries_[index] = { 0, entries_[index].raw () | PageEntry::kept };
    }
    /// Whether a page table covers 4 MB number `index`, and not one page or nothing.
    [[nodiscard]] bool has_table (unsigned index) const
    {
        return entries_[index].is_table ();
    }

    /// An entry of the copy window, the one place of the kernel's part where directories differ.
    void set_private_window (unsigned index, PageEntry entry) { entries_[index] = entry; }

    /// Let all directories share `entry` at `index`, which lies in the shared part.
    /// The caller sees to the existing ones.
    void set_shared (unsigned index, PageEntry entry) { entries_[index] = entry; }
    void clear_shared (unsigned first, unsigned count)
    {
        __builtin_memset (static_cast<void*> (&entries_[first]), 0, count * sizeof (PageEntry));
    }
    [[nodiscard]] PageEntry shared (unsigned index) const { return entries_[index]; }

private:
    [[nodiscard]] PageEntry* table (unsigned index) const
    {
        return static_cast<PageEntry*> (to_virtual (entries_[index].frame ()));
    }
    void free_table (unsigned index);

    PageEntry entries_[directory_entries];
};

static_assert (sizeof (PageDirectory) == l4::page_size);

/// A page-table entry that shows `page`, of which only 4 KB are meant.
[[nodiscard]] constexpr PageEntry entry_for (Page const& page)
{
    return { page.frame, PageEntry::present | PageEntry::user
                             | (page.writable ? PageEntry::writable : 0)
                             | (page.uncached ? PageEntry::uncached : 0) };
}

/// A directory entry that shows all of `page`, which has 4 MB.
[[nodiscard]] constexpr PageEntry superpage_entry_for (Page const& page)
{
    return { page.frame & ~(l4::superpage_size - 1),
             entry_for (page).flags () | PageEntry::superpage };
}

/// A directory entry that names `table`.
[[nodiscard]] inline PageEntry table_entry (void const* table)
{
    return { to_physical (table), PageEntry::present | PageEntry::user | PageEntry::writable };
}

}  // namespace machine
