// SPDX-License-Identifier: BSD-2-Clause
#include "mapdb_world.hpp"

#include <support/assertion.hpp>

#include <algorithm>

using kernel::MapAction;
using kernel::MapNode;
using kernel::MappedPage;
using kernel::MapScope;

namespace toy {

namespace {

void require (bool condition, char const* what)
{
    if (!condition)
        throw AssertionFailed { what };
}

World& world_of (Entry const& entry) { return *entry.slot->space->world; }

}  // namespace

bool Slot::is_empty () const
{
    return !super.present
           && std::none_of (table.begin (), table.end (), [] (auto& e) { return e.present; });
}

/// In front of each reserve, so that it can be given back.
struct ReserveFrame {
    kernel::FrameAllocator* pool;
    Reserve reserve;
};

void* Policy::new_table (Entry& entry)
{
    auto& pool = world_of (entry).pool.allocator;
    void* const frame = pool.allocate (account (entry));
    return frame == nullptr ? nullptr : &(new (frame) ReserveFrame { &pool, {} })->reserve;
}

void Policy::free_table (void* table)
{
    auto* const frame = reinterpret_cast<ReserveFrame*> (static_cast<char*> (table)
                                                         - offsetof (ReserveFrame, reserve));
    frame->pool->free (frame);
}

void Policy::fill (Entry& entry, void* table, unsigned part)
{
    static_cast<Reserve*> (table)->entry[part]
        = { true, entry.slot->super.frame + part, entry.slot->super.writable };
}

/// A toy space has its tables anyway, so the reserve is given back.
void Policy::split (Entry& entry, void* table)
{
    Slot& slot = *entry.slot;
    require (!slot.split, "a super is split twice");
    slot.split = true;
    for (unsigned part = 0; part < parts; ++part) {
        Prepared const& prepared = static_cast<Reserve*> (table)->entry[part];
        require (prepared.filled && prepared.frame == slot.super.frame + part
                     && prepared.writable == slot.super.writable,
                 "a table is not up to date");
        require (!slot.table[part].present, "a super hides a table");
        slot.table[part].present = true;
        slot.table[part].frame = prepared.frame;
        slot.table[part].writable = prepared.writable;
    }
    free_table (table);
}

bool Policy::has_part (Entry& entry, unsigned part)
{
    Entry const& lower = entry.slot->table[part];
    return lower.present && lower.node == nullptr;
}

void Policy::remove (Entry& entry, kernel::Quota& account)
{
    require (entry.present && entry.node != nullptr, "an empty entry is removed");
    require (&account == &Policy::account (entry), "another account's entry is removed");
    Slot& slot = *entry.slot;
    require (&entry != &slot.super || !slot.split, "a split entry is removed as a whole");
    if (&entry != &slot.super)
        world_of (entry).report_removed (entry, entry.part);
    else
        for (unsigned part = 0; part < parts; ++part)
            world_of (entry).report_removed (entry, part);
    entry.present = false;
    entry.node = nullptr;
}

void Policy::forget (Entry& entry)
{
    require (is_split (entry), "the node of a page that is there is forgotten");
    for (unsigned part = 0; part < parts; ++part)
        require (!has_part (entry, part), "a split entry has a part left");
    entry.slot->split = false;
    entry.present = false;
    entry.node = nullptr;
}

bool Policy::remove_part (Entry& entry, unsigned part)
{
    require (is_split (entry), "a part of a whole page is removed");
    if (!has_part (entry, part))
        return false;
    Entry& lower = entry.slot->table[part];
    lower.present = false;
    world_of (entry).report_removed (entry, part);
    return true;
}

void Policy::make_part_read_only (Entry& entry, unsigned part)
{
    require (is_split (entry), "a part of a whole page is made read-only");
    if (has_part (entry, part))
        entry.slot->table[part].writable = false;
}

World::World (Observer& watcher, unsigned count, unsigned slots, l4::Word frames)
    : observer { watcher }, pool { frames }, database { pool.allocator }, spaces (count + 1)
{
    for (unsigned number = 1; number <= count; ++number) {
        Space& space = spaces[number];
        space.world = this;
        space.number = number;
        space.slots.resize (slots);
        for (unsigned i = 0; i < slots; ++i) {
            Slot& slot = space.slots[i];
            slot.space = &space;
            slot.number = i;
            slot.super.slot = &slot;
            slot.super.part = MappedPage::whole;
            for (unsigned part = 0; part < parts; ++part) {
                slot.table[part].slot = &slot;
                slot.table[part].part = part;
            }
        }
    }
}

void World::report_removed (Entry const& entry, unsigned part)
{
    if (!is_moving_)
        observer.removed ({ entry.slot->space->number, entry.slot->number * parts + part });
}

Slot& World::slot_of (Where where) { return spaces.at (where.space).slots.at (where.page / parts); }

std::optional<Found> World::find (Where where)
{
    unsigned const part = where.page % parts;
    if (where.space == 0)
        return Found { { database.find_region (where.page / parts), part }, where.page, true };
    Slot& slot = slot_of (where);
    if (slot.super.present && !slot.split)
        return Found { { slot.super.node, part }, slot.super.frame + part, slot.super.writable };
    Entry const& entry = slot.table[part];
    if (!entry.present)
        return {};
    if (entry.node != nullptr)
        return Found { { entry.node }, entry.frame, entry.writable };
    return Found { { slot.super.node, part }, entry.frame, entry.writable };
}

MapNode* World::source_node (Where from)
{
    return from.space == 0 ? database.provide_region (from.page / parts)
                           : find (from)->page.node;
}

bool World::is_in_super (Where where)
{
    auto const found = find (where);
    return found && found->page.node->is_super ();
}

/// Splits a 4 MB page at once, while others may have begun to.
void World::split (MapNode& super)
{
    while (!Database::split_step (super))
        require (!checks_each_step || consistent (), "inconsistent while a page is split");
}

/// Both show the same frame.
bool World::is_above (Where above, Where below)
{
    kernel::AncestorSearch search;
    auto const started = database.start (search, *find (below)->page.node,
                                         *find (above)->page.node);
    require (started, "no room for a search");
    while (!database.run (search, 1)) {}
    bool const result = search.result == kernel::AncestorSearch::Result::found;
    observer.answered_above (above, below, result);
    return result;
}

/// Both show the same frame.
bool World::is_child (Where child, Where parent)
{
    bool const result = Database::is_child (find (child)->page, find (parent)->page);
    observer.answered_child (child, parent, result);
    return result;
}

World::Target World::target (Where where, bool whole)
{
    auto const found = find (where);
    if (!found || found->page.node == nullptr)
        return {};
    if (!whole || !found->page.node->is_super ())
        return { found->page, { where } };
    Target target { { found->page.node }, {} };
    for (unsigned part = 0; part < parts; ++part) {
        Where const page { where.space, where.page / parts * parts + part };
        auto const other = find (page);
        if (other && other->page.node == found->page.node)
            target.pages.push_back (page);
    }
    return target;
}

/// As a kernel does with 4 KB pages: now and then in few steps, of which there may be too few.
bool World::take_back_at_once (Target const& target, MapAction action, MapScope scope)
{
    constexpr unsigned most_steps = 10;
    MapNode& node = *target.page.node;
    unsigned const steps = ++taken_back_ % most_steps;
    if (steps == 0 || !database.is_idle () || node.kind () != MapNode::Kind::page)
        return false;
    bool const removes = action == MapAction::remove;
    if ((removes ? database.remove_below (node, steps)
                 : Database::make_read_only_below (node, steps)) == 0)
        return false;
    if (scope == MapScope::self_too && removes)
        database.remove_leaf (node);
    else if (scope == MapScope::self_too)
        Database::make_read_only_leaf (node);
    return true;
}

void World::take_back (Target const& target, MapAction action, MapScope scope)
{
    kernel::Revocation revocation;
    observer.taking_back (target.pages, action, scope);
    if (take_back_at_once (target, action, scope))
        return observer.taken_back (target.pages, action, scope);
    while (!database.start (revocation, target.page, action, scope))
        database.help (1);
    while (!database.run (revocation, 1))
        require (!checks_each_step || consistent (), "inconsistent between two steps");
    observer.taken_back (target.pages, action, scope);
}

/// Flushes what is at `to` unless it must stay. What others have begun to take back may be
/// finished by this, even what is at `from`.
/// @return whether `to` is free
bool World::make_room (Where from, Where to)
{
    auto const present = find (to);
    if (!present)
        return true;
    if (present->frame == find (from)->frame && is_above (to, from))
        return false;
    take_back (target (to, false), MapAction::remove, MapScope::self_too);
    return true;
}

/// Whether `where` lies in a 4 MB page of which nothing is missing.
bool World::is_whole (Where where)
{
    return where.space == 0 || (slot_of (where).super.present && !slot_of (where).split);
}

/// The same as `make_room` for 4 MB.
bool World::make_room_for_super (Where from, Where to)
{
    if (!is_whole (to))
        return true;
    if (find (to)->frame == find (from)->frame && is_above (to, from))
        return false;
    take_back (target (to, true), MapAction::remove, MapScope::self_too);
    return true;
}

void World::allow_writing_super (Where where)
{
    Slot& slot = slot_of (where);
    slot.super.writable = true;
    Database::upgraded (*slot.super.node);
    for (unsigned part = 0; part < parts; ++part)
        observer.upgraded ({ where.space, slot.number * parts + part });
}

void World::allow_writing (Where where)
{
    Slot& slot = slot_of (where);
    if (slot.super.present)
        split (*slot.super.node);
    slot.table[where.page % parts].writable = true;
}

bool World::map (Where from, Where to, bool writable)
{
    if (!find (from))
        return true;
    bool const may_write = writable && find (from)->writable;
    auto const present = find (to);
    if (present && present->frame == find (from)->frame && is_child (to, from)) {
        if (may_write) {
            allow_writing (to);
            observer.upgraded (to);
        }
        return true;
    }
    if (!make_room (from, to) || !find (from))
        return true;
    auto const source = *find (from);
    Entry& entry = slot_of (to).table[to.page % parts];
    MapNode* const node = source_node (from);
    if (node == nullptr || database.map ({ node, source.page.part }, entry) == nullptr)
        return false;
    entry.present = true;
    entry.frame = source.frame;
    entry.writable = may_write;
    observer.mapped (from, to, writable);
    return true;
}

bool World::grant (Where from, Where to, bool writable)
{
    if (!find (from) || !make_room (from, to))
        return true;
    if (is_in_super (from)) {
        split (*find (from)->page.node);
        unmap (from, MapAction::remove, MapScope::below);
    }
    if (!find (from))
        return true;
    auto const source = *find (from);
    require (!source.page.node->is_super () || !Database::has_children (source.page),
             "something hangs below what is granted");
    Entry& entry = slot_of (to).table[to.page % parts];
    is_moving_ = true;
    bool const enough = source.page.node->is_super ()
                            ? database.grant_part (source.page, entry) != nullptr
                            : database.grant (*source.page.node, entry);
    is_moving_ = false;
    if (!enough)
        return false;
    entry.present = true;
    entry.frame = source.frame;
    entry.writable = writable && source.writable;
    observer.granted (from, to, writable);
    return true;
}

void World::unmap (Where where, MapAction action, MapScope scope)
{
    auto const found = target (where, false);
    if (found.page.node != nullptr)
        take_back (found, action, scope);
}

bool World::map_slot (Where from, Where to, bool writable)
{
    from.page = from.page / parts * parts;
    to.page = to.page / parts * parts;
    Slot& slot = slot_of (to);
    auto const source = find (from);
    bool enough = true;
    if (is_whole (from) && is_whole (to) && find (to)->frame == source->frame
        && is_child (to, from)) {
        if (writable && source->writable)
            allow_writing_super (to);
        return true;
    }
    if (!is_whole (from) || !(slot.is_empty () || is_whole (to))) {
        for (unsigned part = 0; part < parts; ++part)
            enough &= map ({ from.space, from.page + part }, { to.space, to.page + part },
                           writable);
        return enough;
    }
    if (!make_room_for_super (from, to) || !is_whole (from) || !slot.is_empty ())
        return true;
    auto const now = *find (from);
    MapNode* const node = source_node (from);
    if (node == nullptr || database.map_super (*node, slot.super) == nullptr)
        return false;
    slot.super.present = true;
    slot.super.frame = now.frame;
    slot.super.writable = writable && now.writable;
    for (unsigned part = 0; part < parts; ++part)
        observer.mapped ({ from.space, from.page + part }, { to.space, to.page + part }, writable);
    return true;
}

bool World::grant_slot (Where from, Where to, bool writable)
{
    from.page = from.page / parts * parts;
    to.page = to.page / parts * parts;
    Slot& source = slot_of (from);
    Slot& slot = slot_of (to);
    bool enough = true;
    if (!is_whole (from) || !(slot.is_empty () || is_whole (to))) {
        for (unsigned part = 0; part < parts; ++part)
            enough &= grant ({ from.space, from.page + part }, { to.space, to.page + part },
                             writable);
        return enough;
    }
    if (!make_room_for_super (from, to) || !is_whole (from) || !slot.is_empty ())
        return true;
    Entry const old = source.super;
    is_moving_ = true;
    enough = database.grant (*source.super.node, slot.super);
    is_moving_ = false;
    if (!enough)
        return false;
    slot.super.present = true;
    slot.super.frame = old.frame;
    slot.super.writable = writable && old.writable;
    for (unsigned part = 0; part < parts; ++part)
        observer.granted ({ from.space, from.page + part }, { to.space, to.page + part },
                          writable);
    return true;
}

void World::unmap_slot (Where where, MapAction action, MapScope scope)
{
    where.page = where.page / parts * parts;
    MapNode* const super = where.space == 0 ? database.find_region (where.page / parts)
                                            : slot_of (where).super.node;
    Target whole { { super }, {} };
    for (unsigned part = 0; part < parts; ++part) {
        Where const page { where.space, where.page + part };
        auto const found = find (page);
        if (found && found->page.node == super)
            whole.pages.push_back (page);
        else if (found)
            unmap (page, action, scope);
    }
    if (super != nullptr)
        take_back (whole, action, scope);
}

bool World::consistent () const
{
    for (unsigned region = 0; region < Policy::regions; ++region)
        if (!database.consistent (region))
            return false;
    return pool.allocator.consistent ();
}

Where World::parent_of (Found const& found)
{
    MapNode* above = found.page.node->parent;
    unsigned part = found.page.part;
    if (above->kind () == MapNode::Kind::part) {
        part = static_cast<unsigned> (above->value () / 4);
        above = above->parent;
    }
    if (above->is_region ())
        return { 0, static_cast<unsigned> (above->value () / 4) * parts + part };
    auto const& entry = *reinterpret_cast<Entry*> (above->value ());
    unsigned const within = entry.part == MappedPage::whole ? part : entry.part;
    require (within < parts, "a page without a place");
    return { entry.slot->space->number, entry.slot->number * parts + within };
}

std::vector<Where> World::order (unsigned region) const
{
    std::vector<Where> order;
    for (MapNode* super = database.find_region (region); super != nullptr; super = super->next) {
        if (!super->is_region ()) {
            Slot const& slot = *reinterpret_cast<Entry*> (super->value ())->slot;
            order.push_back ({ slot.space->number, super_in_order + (slot.split ? 1 : 0) });
        }
        for (MapNode* node = kernel::super_of (*super).first_part; node != nullptr;
             node = node->next) {
            if (node->kind () == MapNode::Kind::part) {
                order.push_back ({ part_in_order, static_cast<unsigned> (node->value () / 4) });
                continue;
            }
            auto const& entry = *reinterpret_cast<Entry*> (node->value ());
            order.push_back (
                { entry.slot->space->number, entry.slot->number * parts + entry.part });
        }
    }
    return order;
}

MapModel::Pages World::pages ()
{
    MapModel::Pages pages;
    for (unsigned number = 1; number < spaces.size (); ++number)
        for (unsigned page = 0; page < spaces[number].slots.size () * parts; ++page) {
            Where const where { number, page };
            if (auto const found = find (where))
                pages[where] = { parent_of (*found), found->frame, found->writable };
        }
    return pages;
}

}  // namespace toy
