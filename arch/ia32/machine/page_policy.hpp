// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page tables as the mapping database sees them.
///
/// An entry is one of a page table or, for a 4 MB page, of a page directory. A region has none.
#pragma once

#include <core/mapdb_store.hpp>

#include <machine/context.hpp>
#include <machine/node_table.hpp>
#include <machine/page_table.hpp>

namespace machine {

struct PagePolicy {
    using Entry = PageEntry;

    static constexpr unsigned parts = l4::superpage_size / l4::page_size;
    static constexpr unsigned parts_per_block = 64;
    static constexpr unsigned parts_per_step = 8;
    static constexpr unsigned regions = 1024;

    /// Page tables are charged to their space's account; so are the mappings in them.
    [[nodiscard]] static kernel::Quota& account (Entry& entry)
    {
        return kernel::kernel_frames.account (&entry);
    }

    static void attach (Entry& entry, kernel::MapNode& node)
    {
        node_table::enter (node_table::place_of (entry), node);
    }
    [[nodiscard]] static kernel::MapNode* node_of (Entry& entry)
    {
        return node_table::node_of (entry);
    }

    static void remove (Entry& entry, kernel::Quota& account)
    {
        entry = {};
        forget (entry);
        note_change (account);
    }
    static void forget (Entry& entry) { node_table::clear (node_table::place_of (entry)); }
    static void make_read_only (Entry& entry)
    {
        entry = { 0, entry.raw () & ~PageEntry::writable };
        note_change (account (entry));
    }
    static void settle ()
    {
        if (tlb_is_stale_)
            flush_tlb ();
    }

    [[nodiscard]] static void* new_table (Entry& entry)
    {
        return kernel::kernel_frames.allocate (account (entry));
    }
    static void free_table (void* table) { kernel::free_frame (table); }

    static void fill (Entry& entry, void* table, unsigned part)
    {
        static_cast<Entry*> (table)[part] = { entry.frame () + part * l4::page_size,
                                              entry.flags () & ~PageEntry::superpage };
    }
    static void split (Entry& entry, void* table);
    [[nodiscard]] static bool is_split (Entry& entry)
    {
        return !has_superpages || !entry.is_superpage ();
    }

    [[nodiscard]] static bool has_part (Entry& entry, unsigned part);
    static bool remove_part (Entry& entry, unsigned part);
    static void make_part_read_only (Entry& entry, unsigned part);

    /// `entry` has changed: drop what the TLB may have of it.
    static void flush (Entry& entry)
    {
        note_change (account (entry));
        settle ();
    }

private:
    static void note_change (kernel::Quota& account)
    {
        if (may_be_cached (kernel::Space::of (account)))
            tlb_is_stale_ = true;
    }
    static void flush_tlb ();

    static bool tlb_is_stale_;
};

static_assert (kernel::MapdbPolicy<PagePolicy>);

}  // namespace machine
