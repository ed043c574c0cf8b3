// SPDX-License-Identifier: BSD-2-Clause
#include <core/unmap.hpp>

#include <core/ports.hpp>
#include <core/scheduler.hpp>

#include <algorithm>

namespace kernel {

namespace {

/// Holes looked at with interrupts off.
constexpr unsigned holes_at_once = 6;

/// Steps of taking pages back with interrupts off: one per page, and two for each that is removed.
constexpr unsigned steps_at_once = 14;
constexpr unsigned steps_at_once_of_deletion = 10;

[[gnu::noinline]] unsigned make_read_only (MapNode& page, Word mask, unsigned steps)
{
    steps = mapping_database.make_read_only_below (page, steps);
    if (steps != 0 && (mask & l4::unmap_in_own_space_too) != 0)
        mapping_database.make_read_only_leaf (page);
    return steps;
}

[[gnu::noinline]] unsigned remove_leaf (MapNode& page, unsigned steps)
{
    unsigned const taken = mapping_database.remove_leaf (page);
    return steps > taken ? steps - taken : 1;
}

/// Take a page back in at most `steps`. @return steps left; 0: there is more to do
[[gnu::always_inline]] inline unsigned revoke_at_once (MapNode& page, Word mask, unsigned steps)
{
    if ((mask & l4::unmap_completely) == 0)
        return make_read_only (page, mask, steps);
    steps = mapping_database.remove_below (page, steps);
    if (steps == 0 || (mask & l4::unmap_in_own_space_too) == 0)
        return steps;
    return remove_leaf (page, steps);
}

/// Take back what is simple in [address, last]: pages of 4 KB in one page table, of which few have
/// been mapped on. @return the end of what has been dealt with
[[gnu::always_inline]] inline Address unmap_small_pages (Space& space, Address address,
                                                        Address last, Word mask, unsigned steps)
{
    if (space.is_initial () || !mapping_database.is_idle ())
        return address;
    machine::PageEntry const* const entry = space.directory ().find_entry (address);
    MapNode** const first = entry == nullptr ? nullptr : machine::node_table::find_place (*entry);
    if (first == nullptr)
        return address;
    Address const last_in_table = std::min (last, address | (l4::superpage_size - 1));
    MapNode** const end = first + (last_in_table - address) / l4::page_size + 1;
    MapNode** place = first;
    do {
        if (*place != nullptr) {
            steps = revoke_at_once (**place, mask, steps);
            if (steps == 0)
                break;
        } else if (entry[place - first].is_present ())      // some of a 4 MB page
            break;
        ++place;
    } while (place != end && --steps != 0);
    machine::PagePolicy::settle ();
    Word const done = reinterpret_cast<Address> (place) - reinterpret_cast<Address> (first);
    return address + done * (l4::page_size / sizeof *place);
}

/// There is no page at `address`, and perhaps none behind. @return where to look next, not beyond
/// what can be looked at with interrupts off
Address skip_holes (Space& space, Address address, Address end)
{
    for (unsigned n = 0; n < holes_at_once && address < end; ++n) {
        if (n != 0 && mapped_page (space, address).node != nullptr)
            break;
        bool const region_is_unused = space.is_initial () && space.lookup (address).is_mapped ();
        address = region_is_unused ? (address | (l4::superpage_size - 1)) + 1
                                   : space.skip_unmapped (address);
    }
    return address;
}

MapAction action_of (Word mask)
{
    return (mask & l4::unmap_completely) != 0 ? MapAction::remove : MapAction::make_read_only;
}

MapScope scope_of (Word mask)
{
    return (mask & l4::unmap_in_own_space_too) != 0 ? MapScope::self_too : MapScope::below;
}

void unmap_ports (Space& space, l4::Fpage fpage, Word mask)
{
    bool const own_too = (mask & l4::unmap_in_own_space_too) != 0;
    PortScope const scope = own_too ? PortScope::self_too : PortScope::below;
    Word port = fpage.port ();
    Word const end = port + static_cast<Word> (fpage.size ());
    while (port < end) {
        ports::revoke_next (space, port, end, scope);
        scheduler::serve_interrupts ();
    }
}

}  // namespace

void unmap (Space& space, l4::Fpage fpage, Word mask)
{
    if (fpage.is_io ())
        return unmap_ports (space, fpage, mask);
    Address address = fpage.base ();
    if (!fpage.is_valid_memory () || address >= l4::user_limit)
        return;
    Address const last = std::min (address | l4::Fpage::low_mask (fpage.log2_size ()),
                                   l4::user_limit - 1);
    for (;;) {
        Address const begin = address;
        address = unmap_small_pages (space, begin, last, mask, steps_at_once);
        if (address == begin) {
            MappedPage const page = mapped_page (space, address);
            if (page.node == nullptr)
                address = skip_holes (space, address, last + 1);
            else
                address += revoke (space, address, page, last - address + 1, action_of (mask),
                                   scope_of (mask));
        }
        if (address > last)
            return;
        scheduler::serve_interrupts ();
    }
}

bool unmap_everything_step (Space& space)
{
    if (space.doomed_port < PortTable::ports) {
        ports::revoke_next (space, space.doomed_port, PortTable::ports, PortScope::self_too);
        return false;
    }
    Address& address = space.doomed_address;
    Address const begin = address;
    if (begin < l4::user_limit) {
        address = unmap_small_pages (space, begin, l4::user_limit - 1,
                                     l4::unmap_completely | l4::unmap_in_own_space_too,
                                     steps_at_once_of_deletion);
        if (address != begin)
            return false;
        MappedPage const page = mapped_page (space, address);
        Address const doomed = address;
        if (page.node == nullptr) {
            address = skip_holes (space, address, l4::user_limit);
            return false;
        }
        address += l4::page_size;
        revoke (space, doomed, page, l4::user_limit - doomed, MapAction::remove,
                MapScope::self_too);
        return false;
    }
    return space.directory ().free_next_table (space.doomed_table);
}

}  // namespace kernel
