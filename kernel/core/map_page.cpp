// SPDX-License-Identifier: BSD-2-Clause
#include <core/map_page.hpp>

#include <core/mapping_database.hpp>
#include <core/space.hpp>

using kernel::MapNode;
using kernel::Space;
using l4::Address;
using l4::Fpage;
using l4::Word;
using machine::PageEntry;

namespace {

/// Whether `fpage` is mapped, not granted, and has just 4 KB of memory.
bool is_small_page (Fpage fpage)
{
    constexpr Word size_and_grant = 0xFD;
    static_assert (Fpage::memory (0, l4::page_bits).raw () == (0x30 | 2));
    return !fpage.is_io () && (fpage.raw () & size_and_grant) == 0x30;
}

/// Log2 of the window's size; 0 if it cannot take the page.
unsigned window_bits (Fpage window)
{
    return window.is_valid_memory () ? window.log2_size () : 0;
}

/// The entry of a 4 KB page that `space` has at `address`, or null.
PageEntry* present_entry (Space& space, Address address)
{
    PageEntry* const entry = space.directory ().find_entry (address);
    return entry != nullptr && entry->is_present () ? entry : nullptr;
}

/// An empty entry in a table that `space` has for `address`, or null.
PageEntry* empty_entry (Space& space, Address address)
{
    PageEntry* const entry = space.directory ().find_entry (address);
    if (entry == nullptr || entry->is_present ())
        return nullptr;
    return space.directory ().provide_entry (address, space.quota ());
}

bool map (Space& from, Address source, bool writable, Space& to, Address destination)
{
    if (source >= l4::user_limit || destination >= l4::user_limit)
        return false;
    PageEntry* const shown = present_entry (from, source);
    PageEntry* const entry = shown == nullptr ? nullptr : empty_entry (to, destination);
    MapNode* const parent = entry == nullptr ? nullptr : machine::PagePolicy::node_of (*shown);
    if (parent == nullptr || kernel::mapping_database.map ({ parent }, *entry) == nullptr)
        return false;
    Word const kept = PageEntry::present | PageEntry::user | PageEntry::uncached
                      | (writable ? PageEntry::writable : 0);
    *entry = { shown->frame (), shown->flags () & kept };
    return true;
}

}  // namespace

Word map_page (kernel::Tcb& sender, kernel::Tcb& receiver)
{
    Fpage const page { sender.ipc.w1 };
    Fpage const window = receiver.ipc.receive.window ();
    unsigned const bits = window_bits (window);
    Space& from = *sender.space;
    Space& to = *receiver.space;
    if (!is_small_page (page) || bits == 0 || &from == &to || from.is_initial ()
        || to.is_initial ())
        return 0;
    constexpr Word page_mask = ~Fpage::low_mask (l4::page_bits);
    Address const source = page.raw () & page_mask;
    Address const destination
        = window.base () | (sender.ipc.w0 & Fpage::low_mask (bits) & page_mask);
    return map (from, source, page.writable (), to, destination) ? 1 : 0;
}
