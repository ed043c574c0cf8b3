// SPDX-License-Identifier: BSD-2-Clause
#include <core/map.hpp>

#include <core/space.hpp>
#include <lib/assert.hpp>

namespace kernel {

using l4::Fpage;
using machine::Page;

namespace {

/// One aligned region of the sender's space and where it goes.
struct Region {
    l4::Address source;
    l4::Address destination;
    l4::Word left;              ///< bytes; both ends lie below the user limit

    void advance (l4::Word bytes)
    {
        source += bytes;
        destination += bytes;
        left -= bytes < left ? bytes : left;
    }
};

Region region_of (l4::Overlap const& overlap)
{
    Region r { overlap.source, overlap.destination, 0 };
    if (r.source >= l4::user_limit || r.destination >= l4::user_limit)
        return r;
    l4::Word const highest = r.source > r.destination ? r.source : r.destination;
    l4::Word const room = l4::user_limit - highest;
    l4::Word const size = Fpage::low_mask (overlap.bits);       // size - 1
    r.left = size < room ? size + 1 : room;
    return r;
}

/// The largest page at the start of `region` that `page`, found at the source, can provide.
Page part_of (Page page, Region const& region)
{
    bool const whole = page.bits == l4::superpage_bits && region.left >= l4::superpage_size
                       && ((region.source | region.destination) & (l4::superpage_size - 1)) == 0;
    if (!whole) {
        page.frame += region.source & Fpage::low_mask (page.bits) & ~(l4::page_size - 1);
        page.bits = l4::page_bits;
    }
    return page;
}

/// A page that the receiver already has keeps the rights it has.
bool enter (Space& to, l4::Address address, Page page)
{
    Page const present = to.directory ().lookup (address);
    if (present.bits == page.bits && present.frame == page.frame)
        page.writable |= present.writable;
    return to.directory ().enter (address, page, to.quota ());
}

MapOutcome map_memory (Space& from, Space& to, Fpage fpage, Region region)
{
    MapOutcome outcome { false, false };
    while (region.left != 0) {
        Page page = from.lookup (region.source);
        if (!page.is_mapped ()) {
            region.advance (from.directory ().skip_unmapped (region.source) - region.source);
            continue;
        }
        page = part_of (page, region);
        page.writable &= fpage.writable ();
        if (!enter (to, region.destination, page)) {
            outcome.out_of_memory = true;
            break;
        }
        if (fpage.grants () && !from.is_initial ())
            from.directory ().remove (region.source, from.quota ());
        outcome.mapped = true;
        region.advance (l4::Word { 1 } << page.bits);
    }
    return outcome;
}

MapOutcome map_ports (Space& from, Space& to, MapItem const& item)
{
    if (!item.everything && !item.window.is_io ())
        return { false, false };
    if (&from == &to)
        return { true, false };
    Fpage const window = item.everything ? Fpage::whole_io () : item.window;
    bool const send_smaller = item.fpage.log2_size () <= window.log2_size ();
    Fpage const inner = send_smaller ? item.fpage : window;
    Fpage const outer = send_smaller ? window : item.fpage;
    if ((inner.port () & ~Fpage::low_mask (outer.log2_size ())) != outer.port ())
        return { false, false };
    if (!to.io ().provide (to.quota ()))
        return { false, true };
    machine::IoSpace const* const source = from.is_initial () ? nullptr : &from.io ();
    bool const mapped = to.io ().enter (source, inner.port (),
                                        static_cast<l4::Word> (inner.size ()));
    return { mapped, false };
}

}  // namespace

MapOutcome map_item (Space& from, Space& to, MapItem const& item)
{
    if (item.fpage.is_io ())
        return map_ports (from, to, item);
    Fpage const window = item.everything ? Fpage::whole_space () : item.window;
    if (!item.fpage.is_valid_memory () || !window.is_valid_memory ())
        return { false, false };
    if (&from == &to)               // a space does not map to itself; V2 reports success
        return { true, false };
    return map_memory (from, to, item.fpage,
                       region_of (l4::meet (item.fpage, item.send_base, window)));
}

}  // namespace kernel
