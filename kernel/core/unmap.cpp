// SPDX-License-Identifier: BSD-2-Clause
#include <core/unmap.hpp>

#include <core/ports.hpp>
#include <core/scheduler.hpp>

namespace kernel {

namespace {

/// Holes looked at with interrupts off.
constexpr unsigned holes_at_once = 6;

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

void unmap_ports (Space& space, l4::Fpage fpage, PortScope scope)
{
    Word port = fpage.port ();
    Word const end = port + static_cast<Word> (fpage.size ());
    while (port < end) {
        ports::revoke_next (space, port, end, scope);
        scheduler::serve_interrupts ();
    }
}

}  // namespace

void unmap (Space& space, l4::Fpage fpage, MapAction action, MapScope scope)
{
    if (fpage.is_io ())
        return unmap_ports (space, fpage, scope == MapScope::self_too ? PortScope::self_too
                                                                      : PortScope::below);
    Address address = fpage.base ();
    if (!fpage.is_valid_memory () || address >= l4::user_limit)
        return;
    Word const last = l4::Fpage::low_mask (fpage.log2_size ());
    Address const end = last < l4::user_limit - address ? address + last + 1 : l4::user_limit;
    while (address < end) {
        MappedPage const page = mapped_page (space, address);
        if (page.node == nullptr) {
            address = skip_holes (space, address, end);
        } else {
            Word const taken = revoke (space, address, page, end - address, action, scope);
            address = taken < end - address ? address + taken : end;
        }
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
    if (address < l4::user_limit) {
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
