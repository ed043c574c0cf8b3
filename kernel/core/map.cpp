// SPDX-License-Identifier: BSD-2-Clause
#include <core/map.hpp>

#include <core/space.hpp>

namespace kernel {

using l4::Fpage;
using machine::Page;

namespace {

/// Pages entered, or holes skipped, in one step.
constexpr unsigned work_per_step = 4;

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
    else if (!to.is_initial ())     // sigma0 has everything already
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

/// The page that is to be mapped, for the database. Null if memory is used up.
MappedPage MapOperation::source_page ()
{
    if (!from_.is_initial ())
        return mapped_page (from_, source_);
    Address const frame = from_.lookup (source_).frame;
    return { mapping_database.provide_region (frame >> l4::superpage_bits),
             part_of_region (frame) };
}

/// Whether the receiver already has the page from this sender.
bool MapOperation::is_same_mapping (machine::PageEntry& present) const
{
    Page const source = from_.lookup (source_);
    MapNode* const node = machine::PagePolicy::node_of (present);
    MappedPage const parent = mapped_page (from_, source_);
    return present.frame () == source.frame && node != nullptr && parent.node != nullptr
           && MappingDatabase::is_child ({ node }, parent);
}

bool MapOperation::enter (machine::PageEntry& entry, Page page)
{
    MappedPage const source = source_page ();
    if (source.node == nullptr)
        return false;
    bool const grants = fpage_.grants () && !from_.is_initial ();
    bool const done = grants ? mapping_database.grant (*source.node, entry)
                             : mapping_database.map (source, entry) != nullptr;
    if (done)
        entry = machine::entry_for (page);
    return done;
}

/// Something is in the way: unless it is where the page comes from, it goes.
void MapOperation::clear_destination ()
{
    if (is_ancestor (to_, destination_, from_, source_))
        return advance (l4::page_size);
    revoke (to_, destination_, MapAction::remove, MapScope::self_too);
}

void MapOperation::step_page ()
{
    Page page = from_.lookup (source_);
    if (!page.is_mapped ())
        return advance (from_.directory ().skip_unmapped (source_) - source_);
    page.writable &= fpage_.writable ();

    machine::PageEntry* const entry = to_.directory ().provide_entry (destination_, to_.quota ());
    bool entered = entry != nullptr;
    if (entered && entry->is_present ()) {
        if (!is_same_mapping (*entry))
            return clear_destination ();
        page.writable |= entry->is_writable ();     // nothing is taken away
        *entry = machine::entry_for (page);
        machine::PagePolicy::flush (*entry);
    } else if (entered) {
        entered = enter (*entry, page);
    }
    if (!entered) {
        outcome_.out_of_memory = true;
        left_ = 0;
        return;
    }
    outcome_.mapped = true;
    advance (l4::page_size);
}

bool MapOperation::is_atomic () const
{
    if (left_ > l4::page_size)
        return false;
    if (left_ == 0)
        return true;
    machine::PageEntry* const entry = to_.directory ().find_entry (destination_);
    return entry == nullptr || !entry->is_present () || is_same_mapping (*entry);
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
