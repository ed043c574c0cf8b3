// SPDX-License-Identifier: BSD-2-Clause
#include <core/map.hpp>

#include <algorithm>

#include <core/kip.hpp>
#include <core/map_page.hpp>
#include <core/ports.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <l4/protocol/sigma0.hpp>

namespace kernel {

using l4::Fpage;
using machine::Page;

namespace {

/// Ports entered, or holes skipped, in one step.
constexpr unsigned ports_per_step = 2;

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
    else if (to.is_initial ())      // sigma0 has everything already
        return;
    else if (sent.is_ports)
        set_ports (item.everything ? Fpage::whole_io () : item.window);
    else
        set_region (l4::meet (sent.fpage, item.send_base, window), sent.offset);
}

void MapOperation::set_ports (Fpage window)
{
    Fpage ports;
    if (!meet_ports (fpage_, window, ports))
        return;
    is_ports_ = true;
    source_ = ports.port ();
    left_ = static_cast<l4::Word> (ports.size ());
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

void MapOperation::advance (l4::Word units)
{
    swept_ = false;
    source_ += units;
    destination_ += units;
    left_ -= units < left_ ? units : left_;
}

void MapOperation::step ()
{
    if (is_ports_)
        return step_ports ();
    step_page ();
}

/// sigma0 keeps what it grants.
bool MapOperation::grants () const { return fpage_.grants () && !from_.is_initial (); }

/// The page that is to be mapped, for the database. Null if memory is used up.
MappedPage MapOperation::source_page (Page const& page)
{
    if (!from_.is_initial ())
        return mapped_page (from_, source_);
    return { mapping_database.provide_region (page.frame >> l4::superpage_bits),
             part_at (page.frame) };
}

/// Whether the page at the destination came from the sender's page, and is to stay.
bool MapOperation::is_same_mapping () const
{
    if (grants ())
        return false;
    MappedPage const parent = mapped_page (from_, source_);
    MappedPage const child = mapped_page (to_, destination_);
    if (parent.node == nullptr || child.node == nullptr
        || !MappingDatabase::is_child (child, parent))
        return false;
    // Two parts of one 4 MB page have a node in common.
    return !parent.is_part () || from_.lookup (source_).frame == to_.lookup (destination_).frame;
}

/// Something is in the way: unless it is where the page comes from, it goes.
void MapOperation::clear_destination (l4::Word size)
{
    scheduler::serve_interrupts ();
    if (is_ancestor (to_, destination_, from_, source_))
        return advance (size);
    scheduler::serve_interrupts ();
    revoke (to_, destination_, mapped_page (to_, destination_), size, MapAction::remove,
            MapScope::self_too);
}

/// @param entered  false: kernel memory is used up
void MapOperation::finish_page (l4::Word size, bool entered)
{
    if (entered) {
        outcome_.mapped = true;
        return advance (size);
    }
    outcome_.out_of_memory = true;
    left_ = 0;
}

/// Whether what is left begins with a 4 MB page, for which there is a place.
bool MapOperation::fits_superpage (Page const& page) const
{
    return page.is_superpage () && left_ >= l4::superpage_size
           && (source_ | destination_) % l4::superpage_size == 0
           && to_.directory ().has_place_for_superpage (destination_);
}

/// A run of small pages, if there is one. @return whether there was
bool MapOperation::step_small_pages ()
{
    if (grants ())
        return false;
    Word const done = map_small_pages ({ .from = from_,
                                         .to = to_,
                                         .source = source_,
                                         .destination = destination_,
                                         .size = left_,
                                         .writable = fpage_.writable () },
                                       outcome_.mapped);
    if (done != 0)
        advance (done);
    return done != 0;
}

void MapOperation::step_page ()
{
    if (step_small_pages ())
        return;
    Page page = from_.lookup (source_);
    if (!page.is_mapped ())
        return advance (from_.skip_unmapped (source_) - source_);
    page.writable &= fpage_.writable ();
    page.uncached |= asks_for_uncached (from_, fpage_);
    if (fits_superpage (page))
        step_superpage (page);
    else if (to_.directory ().find_superpage (destination_) != nullptr)
        step_into_superpage (page);
    else
        step_small_page (page);
}

void MapOperation::step_superpage (Page const& page)
{
    using machine::PagePolicy;
    machine::PageEntry* const entry
        = to_.directory ().provide_superpage (destination_, to_.quota ());
    if (entry == nullptr)
        return finish_page (0, false);
    if (entry->is_present ()) {
        if (!is_same_mapping ())
            return clear_destination (l4::superpage_size);
        if (page.writable && !entry->is_writable ()) {
            *entry = machine::superpage_entry_for (page);
            mapping_database.upgraded (*PagePolicy::node_of (*entry));
            PagePolicy::flush (*entry);
        }
        return finish_page (l4::superpage_size, true);
    }
    MapNode* const source = source_page (page).node;
    bool const entered = source != nullptr
                         && (grants () ? mapping_database.grant (*source, *entry)
                                       : mapping_database.map_super (*source, *entry) != nullptr);
    if (entered)
        *entry = machine::superpage_entry_for (page);
    finish_page (l4::superpage_size, entered);
}

/// 4 KB where the receiver has a 4 MB page: that stays whole if nothing changes.
void MapOperation::step_into_superpage (Page const& page)
{
    if (!is_same_mapping ())
        return clear_destination (l4::page_size);
    if (!page.writable || to_.lookup (destination_).writable)
        return finish_page (l4::page_size, true);
    static_cast<void> (mapping_database.split_step (*mapped_page (to_, destination_).node));
}

void MapOperation::step_small_page (Page const& page)
{
    machine::PageEntry* const entry = to_.directory ().find_entry (destination_);
    if (entry == nullptr || !entry->is_present ())
        return enter_small_page (page, entry);
    if (!is_same_mapping ())
        return clear_destination (l4::page_size);
    if (page.writable && !entry->is_writable ()) {
        *entry = machine::entry_for (page);
        machine::PagePolicy::flush (*entry);
    }
    finish_page (l4::page_size, true);
}

/// A step of its own.
void MapOperation::make_table ()
{
    if (to_.directory ().provide_entry (destination_, to_.quota ()) == nullptr)
        finish_page (0, false);
}

/// @param entry  null: there is no page table yet
void MapOperation::enter_small_page (Page const& page, machine::PageEntry* entry)
{
    if (entry == nullptr)
        return make_table ();
    entry = to_.directory ().provide_entry (destination_, to_.quota ());    // and its nodes
    MappedPage const source = entry == nullptr ? MappedPage {} : source_page (page);
    if (source.node == nullptr)
        return finish_page (0, false);
    if (grants () && source.is_part ())
        return grant_part (source, *entry, page);
    bool const entered = grants () ? mapping_database.grant (*source.node, *entry)
                                   : mapping_database.map (source, *entry) != nullptr;
    if (entered)
        *entry = machine::entry_for (page);
    finish_page (l4::page_size, entered);
}

/// A step of granting 4 KB of a 4 MB page, which is split first. From then on nothing as large
/// can be mapped out of it, so that what has been swept away can come back as 4 KB pages only.
void MapOperation::grant_part (MappedPage source, machine::PageEntry& entry, Page const& page)
{
    if (!mapping_database.split_step (*source.node))
        return;
    if (!swept_) {
        revoke (from_, source_, source, l4::page_size, MapAction::remove, MapScope::below);
        swept_ = true;
    } else if (mapping_database.has_children (source)) {
        swept_ = false;
    } else {
        bool const entered = mapping_database.grant_part (source, entry) != nullptr;
        if (entered)
            entry = machine::entry_for (page);
        finish_page (l4::page_size, entered);
    }
}

/// A frame for the receiver's tables, or one port that it has already, or some ports and holes.
void MapOperation::step_ports ()
{
    for (unsigned n = 0; n < ports_per_step && !is_finished (); ++n) {
        l4::Word const port = source_;
        if (!from_.is_initial () && !from_.io ().permits (port)) {
            advance (ports::skip (from_, port) - port);
            continue;
        }
        ports::Provision const provision = ports::provide (to_, port);
        if (provision == ports::Provision::complete) {
            bool const in_the_way = to_.io ().permits (port);
            if (in_the_way && n != 0)
                return;
            map_port (port);
            if (!in_the_way)
                continue;
        } else if (provision == ports::Provision::out_of_memory) {
            outcome_.out_of_memory = true;
            left_ = 0;
        }
        return;
    }
}

void MapOperation::map_port (l4::Word port)
{
    switch (fpage_.grants () ? ports::grant (from_, to_, port) : ports::map (from_, to_, port)) {
    case ports::Outcome::full:
        outcome_.out_of_memory = true;
        left_ = 0;
        return;
    case ports::Outcome::progress:
        return;
    case ports::Outcome::entered:
        outcome_.mapped = true;
        break;
    case ports::Outcome::unchanged:
        break;
    }
    advance (1);
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
