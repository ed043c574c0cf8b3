// SPDX-License-Identifier: BSD-2-Clause
/// @file  Mapping database: nodes come and go, and are paid for.
///
/// Knows memory, accounts and page-table entries; what a tree is for is known to mapdb.hpp.
///
/// Memory: a node is charged to the account of its page-table entry. What has no entry is charged
///         to nobody: parts and blocks, of which there are at most as many as pages, regions,
///         and nodes whose page is gone, until they are removed.
#pragma once

#include <core/mapdb_tree.hpp>
#include <core/slab.hpp>

#include <concepts>
#include <new>

namespace kernel {

/// What the database asks of page tables. All functions are static and constant.
template <typename P>
concept MapdbPolicy = requires (typename P::Entry& entry, MapNode& node, unsigned part,
                                void* table, Quota& account) {
    /// Number of 4 KB parts of a 4 MB page, how many of them share an index block, for how many
    /// a step of splitting makes entries, and number of 4 MB regions of physical memory.
    { P::parts } -> std::convertible_to<unsigned>;
    { P::parts_per_block } -> std::convertible_to<unsigned>;
    { P::parts_per_step } -> std::convertible_to<unsigned>;
    { P::regions } -> std::convertible_to<unsigned>;
    /// Whom a mapping in this entry is charged to.
    { P::account (entry) } -> std::same_as<Quota&>;
    /// Remember the entry's node.
    P::attach (entry, node);
    { P::node_of (entry) } -> std::same_as<MapNode*>;
    /// Empty the entry, and forget the node. The TLB may show it until settle ().
    P::remove (entry, account);
    /// Forget the node of a split entry, which has no part left.
    P::forget (entry);
    /// The TLB may say otherwise until settle ().
    P::make_read_only (entry);
    P::settle ();
    /// A table into which the 4 MB page of `entry` can be split, charged like the entry. Null if
    /// memory is used up.
    { P::new_table (entry) } -> std::same_as<void*>;
    P::free_table (table);
    /// Make the table's entry for `part` show it as `entry` does now.
    P::fill (entry, table, part);
    /// Replace the 4 MB page of `entry` by the table, which is up to date.
    P::split (entry, table);
    { P::is_split (entry) } -> std::same_as<bool>;
    /// Whether a split entry still shows `part`, and not another page in its place.
    { P::has_part (entry, part) } -> std::same_as<bool>;
    /// The same for 4 KB of a split page, if it has them. @return whether it had
    { P::remove_part (entry, part) } -> std::same_as<bool>;
    P::make_part_read_only (entry, part);
};

template <MapdbPolicy Policy>
class MapStore {
public:
    using Entry = typename Policy::Entry;
    using Kind = MapNode::Kind;

    constexpr explicit MapStore (FrameAllocator& pool)
        : nodes_ { pool }, supers_ { pool }, blocks_ { pool }
    {
    }

    /// @pre `node` is a page or a super of a space
    [[nodiscard]] static Entry& entry_of (MapNode const& node)
    {
        return *reinterpret_cast<Entry*> (node.value ());
    }

    [[nodiscard]] MapNode* find_region (unsigned number) const { return regions_[number]; }
    /// Null if memory is used up.
    [[nodiscard]] MapNode* provide_region (unsigned number);

    /// The node for 4 KB of a 4 MB page, null if there is none.
    [[nodiscard]] static MapNode* find_part (MapNode& super_node, unsigned part);
    /// The same, made if need be. Null if memory is used up.
    [[nodiscard]] MapNode* provide_part (MapNode& super_node, unsigned part);

    /// A new page or 4 MB page in `entry`, first child of `parent`. Null if memory is used up.
    [[nodiscard]] MapNode* new_page (MapNode& parent, Entry& entry)
    {
        void* const memory = nodes_.allocate_inline (Policy::account (entry));
        if (memory == nullptr)
            return nullptr;
        auto* const node = new (memory) MapNode { Kind::page, value_of (entry) };
        map_list::insert_page (parent, *node);
        Policy::attach (entry, *node);
        return node;
    }
    [[nodiscard]] MapNode* new_super (MapNode& parent, Entry& entry);

    /// Take the page of `node` from its space. The node stays for the sake of its children.
    void kill (MapNode& node);
    /// Take the page of `node`, a leaf, from its space, and free the node. Policy::settle () and
    /// what it leaves unused above are left to the caller. @pre a 4 KB page
    void remove_leaf (MapNode& node)
    {
        ASSERT (node.kind () == Kind::page && node.is_leaf ());
        Entry& entry = entry_of (node);
        Quota& account = Policy::account (entry);
        Policy::remove (entry, account);
        map_list::remove_page (node);
        nodes_.free_inline (node, account);
    }
    /// `node`'s page moves to the entry `to`. @return false if the new account is used up
    [[nodiscard]] bool move (MapNode& node, Entry& to);
    static void make_read_only (MapNode& node);
    /// A step of splitting the entry of a 4 MB page. @return whether it is split
    [[nodiscard]] static bool split_step (MapNode& node);

    /// Whether `node` stands for no page and nothing hangs below it.
    [[nodiscard]] static bool is_unused (MapNode& node);
    /// Unlink and free `node`. @pre is_unused (node)
    void discard (MapNode& node);

    /// Whether the tree of region `number` is well-formed. Slow.
    [[nodiscard]] bool consistent (unsigned number, bool may_hold_dead) const;

private:
    static constexpr unsigned blocks_per_super = Policy::parts / Policy::parts_per_block;
    static_assert (Policy::parts_per_block <= 255 && Policy::parts % Policy::parts_per_block == 0);

    /// Index of some parts of a 4 MB page.
    struct Block {
        MapNode* part[Policy::parts_per_block];
    };

    struct alignas (16) Super {
        MapSuperHead head;
        Block* block[blocks_per_super];         ///< null: none of these parts is a node
        std::uint8_t used[blocks_per_super];    ///< nodes in each block
    };

    [[nodiscard]] static Super& super (MapNode& node)
    {
        ASSERT (node.is_super ());
        return reinterpret_cast<Super&> (node);
    }
    [[nodiscard]] static std::uintptr_t value_of (Entry& entry)
    {
        return reinterpret_cast<std::uintptr_t> (&entry);
    }
    [[nodiscard]] static unsigned part_number (MapNode const& part)
    {
        return static_cast<unsigned> (part.value () / 4);
    }
    [[nodiscard]] static l4::Word size_of (MapNode const& node)
    {
        return node.is_super () ? sizeof (Super) : sizeof (MapNode);
    }

    [[nodiscard]] MapNode* allocate_super (std::uintptr_t value, Quota& account);
    static void free_table (MapNode& node);
    void free_part (MapNode& part);
    void free_block_if_unused (Super& above, unsigned number);

    [[nodiscard]] static bool is_consistent_super (MapNode& node, bool may_hold_dead);
    [[nodiscard]] static bool is_consistent_entry (MapSuperHead& head);
    [[nodiscard]] static bool is_consistent_part (MapNode& above, MapNode& node);
    [[nodiscard]] static bool is_consistent_page (MapNode& node, bool may_hold_dead);

    Slab<MapNode> nodes_;
    Slab<Super> supers_;
    Slab<Block> blocks_;
    Quota unowned_ { Quota::unlimited };
    MapNode* regions_[Policy::regions] {};
};

template <MapdbPolicy Policy>
MapNode* MapStore<Policy>::allocate_super (std::uintptr_t value, Quota& account)
{
    void* const memory = supers_.allocate (account);
    if (memory == nullptr)
        return nullptr;
    auto* const created = new (memory) Super {};
    created->head.node.set (Kind::super, value);
    created->head.pages = Policy::parts;
    return &created->head.node;
}

template <MapdbPolicy Policy>
MapNode* MapStore<Policy>::provide_region (unsigned number)
{
    ASSERT (number < Policy::regions);
    if (regions_[number] == nullptr)
        regions_[number] = allocate_super (std::uintptr_t { number } * 4, unowned_);
    return regions_[number];
}

template <MapdbPolicy Policy>
MapNode* MapStore<Policy>::find_part (MapNode& super_node, unsigned part)
{
    ASSERT (part < Policy::parts);
    Block const* const block = super (super_node).block[part / Policy::parts_per_block];
    return block == nullptr ? nullptr : block->part[part % Policy::parts_per_block];
}

template <MapdbPolicy Policy>
MapNode* MapStore<Policy>::provide_part (MapNode& super_node, unsigned part)
{
    if (MapNode* const present = find_part (super_node, part))
        return present;
    Super& above = super (super_node);
    unsigned const number = part / Policy::parts_per_block;
    if (above.block[number] == nullptr) {
        void* const memory = blocks_.allocate (unowned_);
        if (memory == nullptr)
            return nullptr;
        above.block[number] = new (memory) Block {};
    }
    void* const memory = nodes_.allocate (unowned_);
    if (memory == nullptr) {
        free_block_if_unused (above, number);
        return nullptr;
    }
    auto* const node = new (memory) MapNode { Kind::part, std::uintptr_t { part } * 4 };
    map_list::insert (super_node, *node);
    above.block[number]->part[part % Policy::parts_per_block] = node;
    ++above.used[number];
    return node;
}

template <MapdbPolicy Policy>
MapNode* MapStore<Policy>::new_super (MapNode& parent, Entry& entry)
{
    void* const table = Policy::new_table (entry);
    if (table == nullptr)
        return nullptr;
    MapNode* const node = allocate_super (value_of (entry), Policy::account (entry));
    if (node == nullptr) {
        Policy::free_table (table);
        return nullptr;
    }
    super_of (*node).table = table;
    map_list::insert (parent, *node);
    Policy::attach (entry, *node);
    return node;
}

template <MapdbPolicy Policy>
void MapStore<Policy>::kill (MapNode& node)
{
    Entry& entry = entry_of (node);
    Quota& account = Policy::account (entry);
    account.release (size_of (node));
    (void) unowned_.charge (size_of (node));
    if (node.is_super () && Policy::is_split (entry))
        Policy::forget (entry);
    else
        Policy::remove (entry, account);
    Policy::settle ();
    if (node.is_super ()) {
        free_table (node);
        super_of (node).pages = 0;
    }
    node.set (node.is_super () ? Kind::super : Kind::dead, 0);
}

template <MapdbPolicy Policy>
bool MapStore<Policy>::move (MapNode& node, Entry& to)
{
    Entry& from = entry_of (node);
    void* const table = node.is_super () ? Policy::new_table (to) : nullptr;
    if (node.is_super () && table == nullptr)
        return false;
    if (!Policy::account (to).charge (size_of (node))) {
        if (table != nullptr)
            Policy::free_table (table);
        return false;
    }
    Quota& account = Policy::account (from);
    account.release (size_of (node));
    Policy::remove (from, account);
    Policy::settle ();
    if (node.is_super ()) {
        free_table (node);
        super_of (node).table = table;
    }
    node.set (node.kind (), value_of (to));
    Policy::attach (to, node);
    return true;
}

/// The reserve of a 4 MB page goes with its entry, unless it has become the entry's table.
template <MapdbPolicy Policy>
void MapStore<Policy>::free_table (MapNode& node)
{
    MapSuperHead& head = super_of (node);
    if (head.table != nullptr)
        Policy::free_table (head.table);
    head.table = nullptr;
    head.filled = 0;
}

template <MapdbPolicy Policy>
void MapStore<Policy>::make_read_only (MapNode& node)
{
    Policy::make_read_only (entry_of (node));
    Policy::settle ();
    if (node.is_super ())
        super_of (node).filled = 0;
}

template <MapdbPolicy Policy>
bool MapStore<Policy>::split_step (MapNode& node)
{
    MapSuperHead& head = super_of (node);
    Entry& entry = entry_of (node);
    if (head.table == nullptr)
        return true;
    for (unsigned n = 0; n < Policy::parts_per_step && head.filled < Policy::parts; ++n)
        Policy::fill (entry, head.table, head.filled++);
    if (head.filled < Policy::parts)
        return false;
    Policy::split (entry, head.table);
    head.table = nullptr;
    return true;
}

template <MapdbPolicy Policy>
bool MapStore<Policy>::is_unused (MapNode& node)
{
    if (node.is_super ())
        return super_of (node).is_empty () && (node.is_region () || super_of (node).is_dead ());
    return node.is_leaf () && node.kind () != Kind::page;
}

template <MapdbPolicy Policy>
void MapStore<Policy>::discard (MapNode& node)
{
    ASSERT (is_unused (node));
    if (node.is_region ())
        regions_[node.value () / 4] = nullptr;
    else
        map_list::remove (node);
    if (node.is_super ())
        supers_.free (super (node), unowned_);
    else if (node.kind () == Kind::part)
        free_part (node);
    else
        nodes_.free (node, unowned_);
}

template <MapdbPolicy Policy>
void MapStore<Policy>::free_part (MapNode& part)
{
    Super& above = super (*part.parent);
    unsigned const number = part_number (part) / Policy::parts_per_block;
    above.block[number]->part[part_number (part) % Policy::parts_per_block] = nullptr;
    --above.used[number];
    free_block_if_unused (above, number);
    nodes_.free (part, unowned_);
}

template <MapdbPolicy Policy>
void MapStore<Policy>::free_block_if_unused (Super& above, unsigned number)
{
    if (above.used[number] != 0)
        return;
    blocks_.free (*above.block[number], unowned_);
    above.block[number] = nullptr;
}

template <MapdbPolicy Policy>
bool MapStore<Policy>::consistent (unsigned number, bool may_hold_dead) const
{
    if (!nodes_.consistent () || !supers_.consistent () || !blocks_.consistent ())
        return false;
    MapNode* const region = regions_[number];
    if (region == nullptr)
        return true;
    if (!region->is_super () || !region->is_region () || region->value () / 4 != number
        || is_unused (*region))
        return false;
    for (MapNode* node = region; node != nullptr; node = node->next) {
        if (!is_consistent_super (*node, may_hold_dead))
            return false;
        if (node != region && !is_consistent_page (*node, may_hold_dead))
            return false;
    }
    return region->next == nullptr || region->next->previous == region;
}

/// The list of parts and pages below one 4 MB page, and the index of its parts.
template <MapdbPolicy Policy>
bool MapStore<Policy>::is_consistent_super (MapNode& node, bool may_hold_dead)
{
    if (!node.is_super ())
        return false;
    Super const& above = super (node);
    if (above.head.first_part != nullptr && above.head.first_part->previous != &node)
        return false;
    if (!is_consistent_entry (super_of (node)))
        return false;
    unsigned parts[blocks_per_super] {};
    for (MapNode* small = above.head.first_part; small != nullptr; small = small->next) {
        if (small->kind () == Kind::part) {
            if (!is_consistent_part (node, *small))
                return false;
            ++parts[part_number (*small) / Policy::parts_per_block];
        } else if (small->is_super () || !is_consistent_page (*small, may_hold_dead))
            return false;
    }
    for (unsigned block = 0; block < blocks_per_super; ++block)
        if (parts[block] != above.used[block]
            || (parts[block] == 0) != (above.block[block] == nullptr))
            return false;
    return true;
}

/// A 4 MB page has all its parts and a table in reserve, or it is split and has some.
template <MapdbPolicy Policy>
bool MapStore<Policy>::is_consistent_entry (MapSuperHead& head)
{
    if (head.node.is_region () || head.is_dead ())
        return head.table == nullptr;
    Entry& entry = entry_of (head.node);
    if (!Policy::is_split (entry))
        return head.table != nullptr && head.pages == Policy::parts && head.filled < head.pages;
    unsigned left = 0;
    for (unsigned part = 0; part < Policy::parts; ++part)
        left += Policy::has_part (entry, part) ? 1 : 0;
    return head.table == nullptr && head.pages == left;
}

template <MapdbPolicy Policy>
bool MapStore<Policy>::is_consistent_part (MapNode& above, MapNode& node)
{
    return node.parent == &above && map_list::is_in_preorder (node) && !node.is_leaf ()
           && find_part (above, part_number (node)) == &node;
}

/// A page's entry leads to its node. A dead node is somebody's unfinished work.
template <MapdbPolicy Policy>
bool MapStore<Policy>::is_consistent_page (MapNode& node, bool may_hold_dead)
{
    if (!map_list::is_in_preorder (node))
        return false;
    return is_dead (node) ? may_hold_dead : Policy::node_of (entry_of (node)) == &node;
}

}  // namespace kernel
