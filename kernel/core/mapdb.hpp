// SPDX-License-Identifier: BSD-2-Clause
/// @file  Mapping database: who has which page from whom.
///
/// For each page of physical memory the spaces that have it form a tree: a page hangs below the
/// page it was mapped from. mapdb_tree.hpp says how a tree is stored. The page-table entry leads
/// to its node in one step (`Policy` keeps that pointer), so neither map nor unmap searches.
///
/// sigma0 has all memory without having received it: a *region*, a 4 MB node without an entry,
/// stands for 4 MB of it while something is mapped out of them.
///
/// A 4 MB page stays one node, whatever 4 KB pages are mapped out of it. Taking 4 KB of it away
/// splits its page-table entry; the node then stands for those 4 KB entries of the table that have
/// no node of their own, and goes with the last of them. The table is held in reserve from the
/// start, so taking something away never needs memory; it is filled when it is needed, in steps,
/// and only then takes the page's place.
///
/// Revocation goes in steps of bounded length, between which interrupts are served and the tree
/// may change. A page is taken from its space when the walk comes down to it, so that nothing new
/// can hang below it; its node goes when the walk leaves it. At most `max_active` operations are
/// under way at once: who comes later first helps the oldest.
///
/// Source:     "On micro-kernel construction", SOSP'95, appendix A. Deviation: lists in pre-order
///             in place of child pointers, so that nobody needs a stack.
/// Context:    interrupts off; everything but consistent () is constant, or a number of steps.
/// Tests:      host/core/mapdb_test, mapdb_property_test.
#pragma once

#include <core/mapdb_revocation.hpp>
#include <core/mapdb_store.hpp>

namespace kernel {

template <MapdbPolicy Policy>
class Mapdb {
public:
    using Entry = typename Policy::Entry;
    static constexpr unsigned max_active = 4;

    constexpr explicit Mapdb (FrameAllocator& pool) : store_ { pool } {}

    /// The node for region `number` of physical memory: what sigma0 maps, it maps from there. It
    /// goes with the last page mapped from it, so map at once. Null if memory is used up.
    [[nodiscard]] MapNode* provide_region (unsigned number)
    {
        return store_.provide_region (number);
    }
    /// Null if nothing is mapped from there.
    [[nodiscard]] MapNode* find_region (unsigned number) const
    {
        return store_.find_region (number);
    }

    /// `entry`, empty so far, becomes a child of `parent`: a page, or 4 KB of a 4 MB page.
    /// @return its node; null if memory is used up
    [[nodiscard]] MapNode* map (MappedPage parent, Entry& entry);
    /// The same for a 4 MB page, whose parent is a whole 4 MB page.
    [[nodiscard]] MapNode* map_super (MapNode& parent, Entry& entry);

    /// A step of splitting a 4 MB page of a space. @return whether it is split
    [[nodiscard]] static bool split_step (MapNode& node)
    {
        return MapStore<Policy>::split_step (node);
    }
    /// The rights of a 4 MB page that is not split have grown.
    static void upgraded (MapNode& node) { super_of (node).filled = 0; }

    /// `node` moves to the entry `to`, with all that hangs below it. The old entry is emptied.
    /// @pre a 4 MB page is whole
    /// @return false if the new account is used up; then nothing happened
    [[nodiscard]] bool grant (MapNode& node, Entry& to);
    /// Whether pages were mapped out of 4 KB of a 4 MB page, as 4 KB.
    [[nodiscard]] static bool has_children (MappedPage page)
    {
        return MapStore<Policy>::find_part (*page.node, page.part) != nullptr;
    }
    /// 4 KB of a split 4 MB page move to the entry `to`. @pre nothing hangs below those 4 KB
    /// @return their node, a sibling of the 4 MB page; null if memory is used up
    [[nodiscard]] MapNode* grant_part (MappedPage from, Entry& to);

    /// Whether `child` was mapped from `parent`. Both show the same memory.
    [[nodiscard]] static bool is_child (MappedPage child, MappedPage parent);

    /// Begin to look for `wanted` above `node`. @return false if too much is under way: help first
    [[nodiscard]] bool start (AncestorSearch& search, MapNode& node, MapNode& wanted);
    /// Climb at most `steps`. @return whether the search is over
    bool run (AncestorSearch& search, unsigned steps);

    // At once, where that takes few steps: for 4 KB pages. @pre is_idle ()
    // Policy::settle () is the caller's.

    /// Take a page, or the right to write, back from all who have it from `page`.
    /// @return steps left; 0: there is more to do, of which some has been done
    [[nodiscard]] unsigned remove_below (MapNode& page, unsigned steps);
    [[nodiscard]] static unsigned make_read_only_below (MapNode& page, unsigned steps);
    /// `entry`, empty so far, becomes a child of `page`. @return null if memory is used up
    [[nodiscard]] MapNode* map_at_once (MapNode& page, Entry& entry)
    {
        ASSERT (is_idle () && page.kind () == Kind::page);
        return store_.new_page (page, entry);
    }
    /// The same for `page` itself. @pre nothing hangs below it
    /// @return steps that it took
    unsigned remove_leaf (MapNode& page);
    static void make_read_only_leaf (MapNode& page)
    {
        Policy::make_read_only (MapStore<Policy>::entry_of (page));
    }

    /// Begin to take `page` back. @return false if too much is under way: help first
    [[nodiscard]] bool start (Revocation& revocation, MappedPage page, MapAction action,
                              MapScope scope);
    /// Do at most `steps`. @return whether nothing is left to do
    bool run (Revocation& revocation, unsigned steps);
    /// Do at most `steps` of what has been under way for longest.
    void help (unsigned steps);
    [[nodiscard]] bool is_idle () const { return active_ == 0; }

    /// Whether all invariants hold for region `number`. Slow.
    [[nodiscard]] bool consistent (unsigned number) const
    {
        return revocations_.consistent () && searches_.consistent ()
               && store_.consistent (number, !revocations_.is_empty ());
    }

private:
    using Kind = MapNode::Kind;

    [[nodiscard]] MapNode* insert (MappedPage parent, Entry& entry);
    MapNode* finish_insertion (MapNode& above, MapNode* node);
    void release (MapNode& node);
    [[nodiscard]] bool remove_leaves (MapWalk const& walk);
    [[nodiscard]] bool step (Revocation& r);
    void step_split (Revocation& r);
    void step_pages (Revocation& r);
    void step_supers (Revocation& r);
    void visit_page (Revocation& r, MapNode& node);
    void visit_super (Revocation& r, MapNode& node);
    void walk_parts (Revocation& r, MapNode& super_node);
    void treat_part (Revocation& r, MapNode& super_node, unsigned part);
    void remove_part (MapNode& super_node, unsigned part);

    MapStore<Policy> store_;
    lib::List<Revocation, &Revocation::link> revocations_;
    lib::List<AncestorSearch, &AncestorSearch::link> searches_;
    unsigned active_ { 0 };
};

template <MapdbPolicy Policy>
MapNode* Mapdb<Policy>::map (MappedPage parent, Entry& entry)
{
    ASSERT (!is_dead (*parent.node));
    return insert (parent, entry);
}

template <MapdbPolicy Policy>
MapNode* Mapdb<Policy>::insert (MappedPage parent, Entry& entry)
{
    MapNode* above = parent.node;
    if (above->is_super ())
        above = store_.provide_part (*above, parent.part);
    MapNode* const node = above == nullptr ? nullptr : store_.new_page (*above, entry);
    return finish_insertion (above == nullptr ? *parent.node : *above, node);
}

template <MapdbPolicy Policy>
MapNode* Mapdb<Policy>::map_super (MapNode& parent, Entry& entry)
{
    ASSERT (parent.is_super () && super_of (parent).pages == Policy::parts);
    return finish_insertion (parent, store_.new_super (parent, entry));
}

/// @param node  below `above`, or null if there was no memory for it
template <MapdbPolicy Policy>
MapNode* Mapdb<Policy>::finish_insertion (MapNode& above, MapNode* node)
{
    if (node == nullptr)
        release (above);
    else
        for (Revocation& revocation : revocations_)
            revocation.notice (*node);
    return node;
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::grant (MapNode& node, Entry& to)
{
    ASSERT (!is_dead (node) && !node.is_region () && node.kind () != Kind::part);
    ASSERT (!node.is_super () || !Policy::is_split (store_.entry_of (node)));
    if (!store_.move (node, to))
        return false;
    for (Revocation& revocation : revocations_)
        revocation.confine (node);
    return true;
}

template <MapdbPolicy Policy>
MapNode* Mapdb<Policy>::grant_part (MappedPage from, Entry& to)
{
    MapNode& granter = *from.node;
    ASSERT (!granter.is_region () && store_.find_part (granter, from.part) == nullptr);
    // Its parent may be dead: the walk that made it so has not come to the granter yet, and
    // will find the new node when it is back at the parent.
    MapNode* const node = insert ({ granter.parent, from.part }, to);
    if (node == nullptr)
        return nullptr;
    remove_part (granter, from.part);
    release (granter);
    return node;
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::is_child (MappedPage child, MappedPage parent)
{
    MapNode const* const above = child.node->parent;
    if (above == parent.node)
        return true;
    return above != nullptr && above->kind () == Kind::part && above->parent == parent.node;
}

/// Removes `node` if it stands for no page and nothing hangs below it, and likewise what is above.
template <MapdbPolicy Policy>
void Mapdb<Policy>::release (MapNode& node)
{
    MapNode* unused = &node;
    // At most a page, its part and its region.
    while (unused != nullptr && store_.is_unused (*unused)) {
        for (Revocation& revocation : revocations_)
            revocation.forget (*unused);
        for (AncestorSearch& search : searches_)
            search.forget (*unused);
        MapNode* const above = unused->parent;
        store_.discard (*unused);
        // A dead page above is left to the walk that made it one.
        unused = above == nullptr || is_dead (*above) ? nullptr : above;
    }
}

/// Down to a leaf, which goes, and back to its parent: with nobody else about a page can stay
/// until nothing is left below it.
template <MapdbPolicy Policy>
inline unsigned Mapdb<Policy>::remove_below (MapNode& page, unsigned steps)
{
    ASSERT (is_idle () && page.kind () == Kind::page);
    MapNode* up = &page;
    for (; steps != 0; --steps) {
        MapNode* const child = up->next;
        if (child != nullptr && child->parent == up) {
            up = child;
            continue;
        }
        if (up == &page)
            break;
        MapNode& left = *up;
        up = left.parent;
        store_.remove_leaf (left);
    }
    return steps;
}

template <MapdbPolicy Policy>
inline unsigned Mapdb<Policy>::make_read_only_below (MapNode& page, unsigned steps)
{
    MapNode* last = &page;
    MapNode* up = &page;
    for (; steps != 0; --steps) {
        MapNode* const next = last->next;
        if (next != nullptr && next->parent == up) {
            Policy::make_read_only (MapStore<Policy>::entry_of (*next));
            last = up = next;
        } else if (up == &page)
            break;
        else
            up = up->parent;
    }
    return steps;
}

template <MapdbPolicy Policy>
inline unsigned Mapdb<Policy>::remove_leaf (MapNode& page)
{
    constexpr unsigned steps_of_removal = 2;
    constexpr unsigned steps_of_release = 6;        // of a part and its region
    MapNode& above = *page.parent;
    store_.remove_leaf (page);
    if (above.kind () != Kind::part)
        return steps_of_removal;
    release (above);
    return steps_of_removal + steps_of_release;
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::start (Revocation& r, MappedPage page, MapAction action, MapScope scope)
{
    ASSERT (r.is_finished () && page.node->kind () != Kind::part && !is_dead (*page.node));
    if (active_ == max_active)
        return false;
    r.begin (page, action);
    revocations_.push_back (r);
    ++active_;
    bool const self_too = scope == MapScope::self_too && !page.node->is_region ();
    if (page.node->is_super ()) {
        r.supers.start (page.node);
        if (self_too)
            visit_super (r, *page.node);
    } else {
        r.pages.start (page.node);
        if (self_too)
            visit_page (r, *page.node);
    }
    return true;
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::run (Revocation& r, unsigned steps)
{
    for (; !r.is_finished () && steps > 0; --steps)
        if (!step (r))
            break;
    return r.is_finished ();
}

template <MapdbPolicy Policy>
void Mapdb<Policy>::help (unsigned steps)
{
    if (Revocation* const oldest = revocations_.first ())
        run (*oldest, steps);
    else if (AncestorSearch* const search = searches_.first ())
        run (*search, steps);
}

/// @return whether it was short, so that another one may follow
template <MapdbPolicy Policy>
bool Mapdb<Policy>::step (Revocation& r)
{
    if (r.split != nullptr)
        return step_split (r), false;
    if (r.pages.is_active ())
        return step_pages (r), true;
    if (r.supers.is_active ())
        return step_supers (r), false;
    revocations_.remove (r);
    --active_;
    return true;
}

/// Goes on splitting a 4 MB page, or treats one more of its parts.
template <MapdbPolicy Policy>
void Mapdb<Policy>::step_split (Revocation& r)
{
    if (r.split_part == 0 || is_dead (*r.split)) {
        r.split = nullptr;
        return;
    }
    if (!store_.split_step (*r.split))
        return;
    --r.split_part;
    treat_part (r, *r.split, r.split_part);
    if (r.part != MappedPage::whole)
        r.split = nullptr;
}

/// Removes some leaves that come next, if nobody but the walk knows them.
/// @return whether there were any
template <MapdbPolicy Policy>
inline bool Mapdb<Policy>::remove_leaves (MapWalk const& walk)
{
    constexpr unsigned at_once = 3;
    MapNode& last = *walk.last;
    if (&last != walk.up || last.is_super () || last.kind () == Kind::part)
        return false;
    unsigned removed = 0;
    for (; removed < at_once; ++removed) {
        MapNode* const next = last.next;
        if (next == nullptr || next->parent != &last || next->kind () != Kind::page
            || !next->is_leaf ())
            break;
        store_.remove_leaf (*next);
    }
    Policy::settle ();
    return removed != 0;
}

/// Goes to the next page of a list of parts and pages, or leaves one.
template <MapdbPolicy Policy>
void Mapdb<Policy>::step_pages (Revocation& r)
{
    MapWalk& walk = r.pages;
    if (active_ == 1 && r.action == MapAction::remove && remove_leaves (walk))
        return;
    MapNode* const next = map_list::next_small (*walk.last);
    if (next != nullptr && next->parent == walk.up) {
        walk.enter (*next);
        visit_page (r, *next);
        return;
    }
    MapNode& left = walk.leave ();
    if (left.kind () == Kind::dead)
        release (left);
}

/// Goes to the next 4 MB page, or leaves one. The 4 KB pages mapped out of it come last: 4 KB
/// granted out of a 4 MB page that has not been visited join those of its parent.
template <MapdbPolicy Policy>
void Mapdb<Policy>::step_supers (Revocation& r)
{
    MapWalk& walk = r.supers;
    MapNode* const next = walk.last->next;
    MapSuperHead& here = super_of (*walk.up);
    if (next != nullptr && next->parent == walk.up) {
        walk.enter (*next);
        visit_super (r, *next);
    } else if (r.swept != walk.up) {
        r.swept = walk.up;
        walk_parts (r, *walk.up);
    } else {
        // If something is left below a dead one, another revocation is at it and will come by.
        walk.leave ();
        if (here.is_dead ())
            release (here.node);
    }
}

template <MapdbPolicy Policy>
void Mapdb<Policy>::visit_page (Revocation& r, MapNode& node)
{
    if (node.kind () != Kind::page)
        return;
    if (r.action == MapAction::remove)
        store_.kill (node);
    else
        store_.make_read_only (node);
}

template <MapdbPolicy Policy>
void Mapdb<Policy>::visit_super (Revocation& r, MapNode& node)
{
    if (is_dead (node))
        return;
    bool const all = r.part == MappedPage::whole;
    if (!all || Policy::is_split (store_.entry_of (node))) {
        r.split = &node;
        r.split_part = all ? Policy::parts : r.part + 1;
    } else if (r.action == MapAction::remove)
        store_.kill (node);
    else
        store_.make_read_only (node);
}

/// Lets the walk through the pages begin with those mapped out of `super_node`.
template <MapdbPolicy Policy>
void Mapdb<Policy>::walk_parts (Revocation& r, MapNode& super_node)
{
    r.pages.start (r.part == MappedPage::whole ? &super_node
                                               : store_.find_part (super_node, r.part));
}

template <MapdbPolicy Policy>
void Mapdb<Policy>::treat_part (Revocation& r, MapNode& super_node, unsigned part)
{
    if (r.action == MapAction::remove)
        remove_part (super_node, part);
    else
        Policy::make_part_read_only (store_.entry_of (super_node), part);
}

template <MapdbPolicy Policy>
void Mapdb<Policy>::remove_part (MapNode& super_node, unsigned part)
{
    if (Policy::remove_part (store_.entry_of (super_node), part)
        && --super_of (super_node).pages == 0)
        store_.kill (super_node);
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::start (AncestorSearch& search, MapNode& node, MapNode& wanted)
{
    if (active_ == max_active)
        return false;
    search.begin (node, wanted);
    searches_.push_back (search);
    ++active_;
    return true;
}

template <MapdbPolicy Policy>
bool Mapdb<Policy>::run (AncestorSearch& search, unsigned steps)
{
    if (!search.link.is_linked ())
        return true;
    for (; search.result == AncestorSearch::Result::searching && steps > 0; --steps)
        search.climb ();
    if (search.result == AncestorSearch::Result::searching)
        return false;
    searches_.remove (search);
    --active_;
    return true;
}

}  // namespace kernel
