// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page tables as the mapping database sees them.
///
/// 4 MB pages of spaces do not occur: only regions are larger than a page, and they have no entry.
#pragma once

#include <core/mapdb_store.hpp>

#include <cpu/tlb.hpp>
#include <machine/context.hpp>
#include <machine/page_table.hpp>

namespace machine {

struct PagePolicy {
    using Entry = PageEntry;

    static constexpr unsigned parts = l4::superpage_size / l4::page_size;
    static constexpr unsigned parts_per_block = 64;
    static constexpr unsigned regions = 1024;

    /// Page tables are charged to their space's account; so are the mappings in them.
    [[nodiscard]] static kernel::Quota& account (Entry& entry)
    {
        return *kernel::kernel_frames.owner (&entry);
    }

    static void attach (Entry& entry, kernel::MapNode& node) { slot (entry) = &node; }
    [[nodiscard]] static kernel::MapNode* node_of (Entry& entry) { return slot (entry); }

    static void remove (Entry& entry)
    {
        entry = {};
        slot (entry) = nullptr;
        flush (entry);
    }

    static void make_read_only (Entry& entry)
    {
        entry = { 0, entry.raw () & ~PageEntry::writable };
        flush (entry);
    }

    [[nodiscard]] static bool is_split (Entry&) { return false; }
    static bool remove_part (Entry& entry, unsigned)
    {
        remove (entry);
        return true;
    }
    static void make_part_read_only (Entry& entry, unsigned) { make_read_only (entry); }

    /// Only the space whose directory is loaded can have the entry in the TLB: neither processor
    /// keeps entries over a reload of CR3.
    static void flush (Entry& entry)
    {
        if (is_loaded (account (entry)))
            cpu::flush_tlb ();
    }

private:
    [[nodiscard]] static kernel::MapNode*& slot (Entry& entry)
    {
        auto* const nodes
            = static_cast<kernel::MapNode**> (kernel::kernel_frames.companion (&entry));
        return nodes[reinterpret_cast<Address> (&entry) % l4::page_size / sizeof (Entry)];
    }
};

static_assert (kernel::MapdbPolicy<PagePolicy>);

}  // namespace machine
