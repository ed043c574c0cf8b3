// SPDX-License-Identifier: BSD-2-Clause
#include <core/unmap.hpp>

#include <core/scheduler.hpp>

namespace kernel {

namespace {

/// Holes looked at with interrupts off.
constexpr unsigned holes_at_once = 16;

/// The next page from `address` on; `end` if there is none close by, and `address` so far.
bool find_page (Space& space, Address& address, Address end)
{
    for (unsigned n = 0; n < holes_at_once && address < end; ++n) {
        if (mapped_page (space, address).node != nullptr)
            return true;
        bool const region_is_unused = space.is_initial () && space.lookup (address).is_mapped ();
        address = region_is_unused ? (address | (l4::superpage_size - 1)) + 1
                                   : space.skip_unmapped (address);
    }
    return false;
}

}  // namespace

void unmap (Space& space, l4::Fpage fpage, MapAction action, MapScope scope)
{
    Address address = fpage.base ();
    if (!fpage.is_valid_memory () || address >= l4::user_limit)
        return;
    Word const last = l4::Fpage::low_mask (fpage.log2_size ());
    Address const end = last < l4::user_limit - address ? address + last + 1 : l4::user_limit;
    while (address < end) {
        if (find_page (space, address, end)) {
            Word const taken = revoke (space, address, end - address, action, scope);
            address = taken < end - address ? address + taken : end;
        }
        scheduler::serve_interrupts ();
    }
}

bool unmap_everything_step (Space& space)
{
    Address& address = space.doomed_address;
    if (find_page (space, address, l4::user_limit)) {
        Address const doomed = address;
        address += l4::page_size;
        revoke (space, doomed, l4::user_limit - doomed, MapAction::remove, MapScope::self_too);
        return false;
    }
    return address >= l4::user_limit && space.directory ().free_next_table (space.doomed_table);
}

}  // namespace kernel
