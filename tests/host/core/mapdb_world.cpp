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

void Slot::split_up ()
{
    if (split)
        return;
    split = true;
    for (unsigned part = 0; part < parts; ++part) {
        require (!table[part].present, "a super hides a table");
        table[part].present = true;
        table[part].frame = super.frame + part;
        table[part].writable = super.writable;
    }
}

void Policy::remove (Entry& entry)
{
    require (entry.present && entry.node != nullptr, "an empty entry is removed");
    Slot& slot = *entry.slot;
    if (&entry != &slot.super)
        world_of (entry).report_removed (entry, entry.part);
    else if (!slot.split)
        for (unsigned part = 0; part < parts; ++part)
            world_of (entry).report_removed (entry, part);
    else
        for (Entry const& lower : slot.table)
            require (!lower.present || lower.node != nullptr, "a split entry has a part left");
    if (&entry == &slot.super)
        slot.split = false;
    entry.present = false;
    entry.node = nullptr;
}

bool Policy::remove_part (Entry& entry, unsigned part)
{
    entry.slot->split_up ();
    Entry& lower = entry.slot->table[part];
    if (!lower.present || lower.node != nullptr)
        return false;
    lower.present = false;
    world_of (entry).report_removed (entry, part);
    return true;
}

void Policy::make_part_read_only (Entry& entry, unsigned part)
{
    entry.slot->split_up ();
    Entry& lower = entry.slot->table[part];
    if (lower.node == nullptr)
        lower.writable = false;
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

void World::take_back (Target const& target, MapAction action, MapScope scope)
{
    kernel::Revocation revocation;
    observer.taking_back (target.pages, action, scope);
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

void World::allow_writing (Where where)
{
    Slot& slot = slot_of (where);
    if (slot.super.present)
        slot.split_up ();
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
    if (is_in_super (from))
        unmap (from, MapAction::remove, MapScope::below);
    if (!find (from))
        return true;
    auto const source = *find (from);
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
    bool const whole = from.space == 0
                       || (slot_of (from).super.present && !slot_of (from).split);
    bool enough = true;
    if (!whole || !slot.is_empty ()) {
        for (unsigned part = 0; part < parts; ++part)
            enough &= map ({ from.space, from.page + part }, { to.space, to.page + part },
                           writable);
        return enough;
    }
    MapNode* const node = source_node (from);
    if (node == nullptr || database.map_super (*node, slot.super) == nullptr)
        return false;
    slot.super.present = true;
    slot.super.frame = source->frame;
    slot.super.writable = writable && source->writable;
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
    if (!source.super.present || source.split || !slot.is_empty ()) {
        for (unsigned part = 0; part < parts; ++part)
            enough &= grant ({ from.space, from.page + part }, { to.space, to.page + part },
                             writable);
        return enough;
    }
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
    MapNode* const top = database.find_region (region);
    MapNode* node = top == nullptr ? nullptr : kernel::super_of (*top).first_part;
    for (; node != nullptr; node = node->next)
        if (node->kind () == MapNode::Kind::page) {
            auto const& entry = *reinterpret_cast<Entry*> (node->value ());
            order.push_back (
                { entry.slot->space->number, entry.slot->number * parts + entry.part });
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
