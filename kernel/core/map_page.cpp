// SPDX-License-Identifier: BSD-2-Clause
#include <core/map_page.hpp>

#include <core/mapping_database.hpp>
#include <core/space.hpp>

#include <algorithm>

using kernel::MapNode;
using kernel::Space;
using l4::Address;
using l4::Fpage;
using l4::Word;
using machine::PageEntry;
using machine::PagePolicy;

namespace {

constexpr Word page_mask = ~Fpage::low_mask (l4::page_bits);

/// Pages entered in one step; one or two holes count as much.
constexpr unsigned pages_at_once = 5;

/// What an entry has in common with the one that it is mapped from.
Word kept_bits (bool writable)
{
    return page_mask | PageEntry::present | PageEntry::user | PageEntry::uncached
           | (writable ? PageEntry::writable : 0);
}

/// Map the page of `shown`, whose node is `parent`, to `entry`. @return false: nothing was done
[[gnu::always_inline]] inline bool enter (PageEntry shown, MapNode& parent, PageEntry& entry,
                                          Word kept)
{
    PageEntry const wanted { 0, shown.raw () & kept };
    if (!entry.is_present ()) {
        if (kernel::mapping_database.map_at_once (parent, entry) == nullptr)
            return false;
        entry = wanted;
        return true;
    }
    MapNode const* const present = PagePolicy::node_of (entry);
    if (present == nullptr || present->parent != &parent)
        return false;
    if (wanted.is_writable () && !entry.is_writable ()) {
        entry = wanted;
        PagePolicy::flush (entry);
    }
    return true;
}

/// Whether `fpage` is mapped, not granted, and has just 4 KB of memory.
bool is_small_page (Fpage fpage)
{
    constexpr Word size_and_grant = 0xFD;
    static_assert (Fpage::memory (0, l4::page_bits).raw () == (0x30 | 2));
    return !fpage.is_io () && (fpage.raw () & size_and_grant) == 0x30;
}

/// Whether `space` can take pages in the page table of `entry`, which may be null. sigma0's cannot:
/// it has everything already.
bool has_room (Space const& space, PageEntry const* entry)
{
    return entry != nullptr && machine::node_table::nodes_beside (entry) != nullptr
           && !space.is_initial ();
}

/// Bytes from `address` to the end of its page table.
Word left_in_table (Address address) { return l4::superpage_size - address % l4::superpage_size; }

}  // namespace

Word kernel::map_small_pages (SmallPages const& pages, bool& mapped)
{
    if (pages.from.is_initial ())       // whose pages come from no table
        return 0;
    PageEntry const* shown = pages.from.directory ().find_entry (pages.source);
    PageEntry* entry = pages.to.directory ().find_entry (pages.destination);
    MapNode* const* parent = shown == nullptr ? nullptr : machine::node_table::find_place (*shown);
    if (parent == nullptr || !has_room (pages.to, entry) || !mapping_database.is_idle ())
        return 0;
    Word const size = std::min ({ pages.size, left_in_table (pages.source),
                                  left_in_table (pages.destination),
                                  pages_at_once * l4::page_size });
    Word const kept = kept_bits (pages.writable);
    Word done = 0;
    for (; done < size; done += l4::page_size, ++shown, ++parent, ++entry) {
        if (*parent == nullptr) {
            if (shown->is_present ())           // some of a 4 MB page
                break;
        } else if (enter (*shown, **parent, *entry, kept))
            mapped = true;
        else
            break;
    }
    return done;
}

Word map_page (kernel::Tcb& sender, kernel::Tcb& receiver)
{
    Fpage const page { sender.ipc.w1 };
    Fpage const window = receiver.ipc.receive.window ();
    Space& from = *sender.space;
    Space& to = *receiver.space;
    if (!is_small_page (page) || !window.is_valid_memory () || &from == &to
        || !kernel::mapping_database.is_idle ())
        return 0;
    Address const source = page.raw () & page_mask;
    Address const destination
        = window.base () | (sender.ipc.w0 & Fpage::low_mask (window.log2_size ()) & page_mask);
    if (source >= l4::user_limit || destination >= l4::user_limit)
        return 0;
    PageEntry const* const shown = from.directory ().find_entry (source);
    PageEntry* const entry = to.directory ().find_entry (destination);
    if (shown == nullptr || !has_room (to, entry) || !shown->is_present ())
        return 0;
    MapNode* const parent = machine::node_table::node_of (*shown);
    if (parent == nullptr || !enter (*shown, *parent, *entry, kept_bits (page.writable ())))
        return 0;
    return 1;
}
