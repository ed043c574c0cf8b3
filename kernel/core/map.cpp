// SPDX-License-Identifier: BSD-2-Clause
#include <core/map.hpp>

#include <algorithm>

#include <core/kip.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <l4/protocol/sigma0.hpp>

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

/// sigma0 in the l4env profile sends physical addresses as they are, also those where an fpage
/// looks like one of ports: there, one with a w or an attribute is memory.
bool sends_any_address (Space const& from)
{
    return from.is_initial () && from.profile () == l4::Profile::l4env;
}

/// What the sender means by an fpage. Memory that looks like ports is kept as an fpage from 0 up,
/// for the arithmetic, and what is to be added to its base.
struct SentFpage {
    bool is_ports;
    Fpage fpage;
    l4::Address offset;
};

SentFpage interpret (Space const& from, Fpage fpage)
{
    constexpr l4::Word not_of_ports = 0xF02;
    constexpr l4::Address high_memory = 0xF0000000;
    if (fpage.is_io () && sends_any_address (from) && (fpage.raw () & not_of_ports) != 0)
        return { false, Fpage { fpage.raw () & ~high_memory }, high_memory };
    return { fpage.is_io (), fpage, 0 };
}

/// Whether an l4env sigma0 asks for a mapping around the cache.
bool asks_for_uncached (Space const& from, Fpage fpage)
{
    using namespace l4::sigma0;
    return sends_any_address (from) && (fpage.raw () & attribute_mask) == attribute_uncached;
}

}  // namespace

MapOperation::MapOperation (Space& from, Space& to, MapItem const& item)
    : from_ { from }, to_ { to }, fpage_ { item.fpage }
{
    SentFpage const sent = interpret (from, item.fpage);
    Fpage const window = item.everything && !sent.is_ports ? Fpage::whole_space () : item.window;
    bool const accepted = sent.is_ports ? item.everything || item.window.is_io ()
                                        : sent.fpage.is_valid_memory ()
                                              && window.is_valid_memory ();
    if (!accepted)
        return;
    if (&from == &to)               // a space does not map to itself; V2 reports success
        outcome_.mapped = true;
    else if (sent.is_ports)
        map_ports (item);
    else if (!to.is_initial ())     // sigma0 has everything already
        set_region (l4::meet (sent.fpage, item.send_base, window), sent.offset);
}

void MapOperation::set_region (l4::Overlap const& overlap, l4::Address offset)
{
    source_ = overlap.source + offset;
    destination_ = overlap.destination;
    l4::Address const source_last = sends_any_address (from_) ? ~l4::Address { 0 }
                                                              : l4::user_limit - 1;
    l4::Address const destination_last = l4::user_limit - 1;
    if (source_ > source_last || destination_ > destination_last)
        return;
    left_ = std::min ({ Fpage::low_mask (overlap.bits), source_last - source_,
                        destination_last - destination_ }) + 1;
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
        return advance (from_.skip_unmapped (source_) - source_);
    page.writable &= fpage_.writable ();
    page.uncached |= asks_for_uncached (from_, fpage_);

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

bool map_kernel_info_page (Space& space)
{
    Space& initial = *task_table::space (l4::sigma0_task);
    MapOperation operation {
        initial, space,
        { .send_base = 0,
          .fpage = Fpage::memory (machine::to_physical (&kip), l4::page_bits,
                                  l4::Access::read_only),
          .window = Fpage::memory (l4::kip_address_l4env, l4::page_bits),
          .everything = false } };
    while (!operation.is_finished ())
        operation.step ();
    return operation.outcome ().mapped;
}

}  // namespace kernel
