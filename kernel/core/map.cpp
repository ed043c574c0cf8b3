// SPDX-License-Identifier: BSD-2-Clause
#include <core/map.hpp>

#include <core/space.hpp>

namespace kernel {

using l4::Fpage;
using machine::Page;

namespace {

/// Pages entered, or holes skipped, in one step.
constexpr unsigned work_per_step = 4;

/// A page that the receiver already has keeps the rights it has.
bool enter (Space& to, l4::Address address, Page page)
{
    Page const present = to.directory ().lookup (address);
    if (present.bits == page.bits && present.frame == page.frame)
        page.writable |= present.writable;
    return to.directory ().enter (address, page, to.quota ());
}

/// The smaller of two I/O fpages if they overlap; aligned powers of two are nested or disjoint.
bool meet_ports (Fpage a, Fpage b, Fpage& inner)
{
    inner = a.log2_size () <= b.log2_size () ? a : b;
    Fpage const outer = a.log2_size () <= b.log2_size () ? b : a;
    return (inner.port () & ~Fpage::low_mask (outer.log2_size ())) == outer.port ();
}

}  // namespace

MapOperation::MapOperation (Space& from, Space& to, MapItem const& item)
    : from_ { from }, to_ { to }, fpage_ { item.fpage }
{
    bool const ports = item.fpage.is_io ();
    Fpage const window = item.everything && !ports ? Fpage::whole_space () : item.window;
    bool const accepted = ports ? item.everything || item.window.is_io ()
                                : item.fpage.is_valid_memory () && window.is_valid_memory ();
    if (!accepted)
        return;
    if (&from == &to)               // a space does not map to itself; V2 reports success
        outcome_.mapped = true;
    else if (ports)
        map_ports (item);
    else
        set_region (l4::meet (item.fpage, item.send_base, window));
}

void MapOperation::set_region (l4::Overlap const& overlap)
{
    source_ = overlap.source;
    destination_ = overlap.destination;
    if (source_ >= l4::user_limit || destination_ >= l4::user_limit)
        return;
    l4::Word const room = l4::user_limit - (source_ > destination_ ? source_ : destination_);
    l4::Word const last = Fpage::low_mask (overlap.bits);
    left_ = last < room ? last + 1 : room;
}

void MapOperation::advance (l4::Word bytes)
{
    source_ += bytes;
    destination_ += bytes;
    left_ -= bytes < left_ ? bytes : left_;
}

void MapOperation::step ()
{
    for (unsigned n = 0; n < work_per_step && !is_finished (); ++n)
        step_page ();
}

void MapOperation::step_page ()
{
    Page page = from_.lookup (source_);
    if (!page.is_mapped ())
        return advance (from_.directory ().skip_unmapped (source_) - source_);

    bool const whole = page.bits == l4::superpage_bits && left_ >= l4::superpage_size
                       && ((source_ | destination_) & (l4::superpage_size - 1)) == 0;
    if (!whole) {
        page.frame += source_ & Fpage::low_mask (page.bits) & ~(l4::page_size - 1);
        page.bits = l4::page_bits;
    }
    page.writable &= fpage_.writable ();
    if (!enter (to_, destination_, page)) {
        outcome_.out_of_memory = true;
        left_ = 0;
        return;
    }
    if (fpage_.grants () && !from_.is_initial ())
        from_.directory ().remove (source_, from_.quota ());
    outcome_.mapped = true;
    advance (l4::Word { 1 } << page.bits);
}

void MapOperation::map_ports (MapItem const& item)
{
    Fpage const window = item.everything ? Fpage::whole_io () : item.window;
    Fpage ports;
    if (!meet_ports (item.fpage, window, ports))
        return;
    if (!to_.io ().provide (to_.quota ())) {
        outcome_.out_of_memory = true;
        return;
    }
    machine::IoSpace const* const source = from_.is_initial () ? nullptr : &from_.io ();
    outcome_.mapped = to_.io ().enter (source, ports.port (),
                                       static_cast<l4::Word> (ports.size ()));
}

}  // namespace kernel
