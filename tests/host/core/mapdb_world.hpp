// SPDX-License-Identifier: BSD-2-Clause
/// @file  A toy machine for the mapping database: spaces with page tables of 4 pages, two sizes of
/// pages, and map, grant and unmap done as a kernel would.
#pragma once

#include "mapdb_model.hpp"
#include "memory_pool.hpp"

#include <core/mapdb.hpp>

#include <array>
#include <deque>
#include <optional>
#include <vector>

namespace toy {

constexpr unsigned parts = 4;

struct Slot;

/// An entry of a page table or, with part == whole, of a page directory.
struct Entry {
    Slot* slot { nullptr };
    unsigned part { 0 };
    kernel::MapNode* node { nullptr };
    bool present { false };
    unsigned frame { 0 };
    bool writable { false };
};

class World;

struct Space {
    World* world { nullptr };
    unsigned number { 0 };
    kernel::Quota quota { kernel::Quota::unlimited };
    std::vector<Slot> slots {};
};

/// What an entry of a reserve table will show.
struct Prepared {
    bool filled { false };
    unsigned frame { 0 };
    bool writable { false };
};

/// A table in reserve, in a frame of the pool.
struct Reserve {
    std::array<Prepared, parts> entry {};
};

/// 4 pages of a space: one super, or a table. The table of a split super is its own, except for
/// entries that have a node.
struct Slot {
    Space* space { nullptr };
    unsigned number { 0 };
    Entry super {};
    bool split { false };
    std::array<Entry, parts> table {};

    [[nodiscard]] bool is_empty () const;
};

struct Policy {
    using Entry = toy::Entry;
    static constexpr unsigned parts = toy::parts;
    static constexpr unsigned parts_per_block = 2;
    static constexpr unsigned parts_per_step = 1;
    static constexpr unsigned regions = 4;

    static kernel::Quota& account (Entry& entry) { return entry.slot->space->quota; }
    static void attach (Entry& entry, kernel::MapNode& node) { entry.node = &node; }
    static kernel::MapNode* node_of (Entry& entry) { return entry.node; }
    static void remove (Entry& entry, kernel::Quota& account);
    static void forget (Entry& entry);
    static void make_read_only (Entry& entry) { entry.writable = false; }
    static void settle () {}
    static void* new_table (Entry& entry);
    static void free_table (void* table);
    static void fill (Entry& entry, void* table, unsigned part);
    static void split (Entry& entry, void* table);
    static bool is_split (Entry& entry) { return entry.slot->split; }
    static bool has_part (Entry& entry, unsigned part);
    static bool remove_part (Entry& entry, unsigned part);
    static void make_part_read_only (Entry& entry, unsigned part);
};

/// A page as its space sees it.
struct Found {
    kernel::MappedPage page;
    unsigned frame;
    bool writable;
};

/// Is told of every change.
class Observer {
public:
    virtual ~Observer () = default;
    virtual void mapped (Where /*from*/, Where /*to*/, bool /*writable*/) {}
    virtual void upgraded (Where) {}
    virtual void granted (Where /*from*/, Where /*to*/, bool /*writable*/) {}
    /// A revocation begins, or is over. One of a 4 MB page has several pages.
    virtual void taking_back (std::vector<Where> const&, kernel::MapAction, kernel::MapScope) {}
    virtual void taken_back (std::vector<Where> const&, kernel::MapAction, kernel::MapScope) {}
    /// A page was taken from its space.
    virtual void removed (Where) {}
    /// The database's answers, for comparison.
    virtual void answered_above (Where /*above*/, Where /*below*/, bool) {}
    virtual void answered_child (Where /*child*/, Where /*parent*/, bool) {}
};

class World {
public:
    using Database = kernel::Mapdb<Policy>;

    World (Observer& observer, unsigned spaces, unsigned slots, l4::Word frames = 64);

    /// Each returns false if memory was used up; then what was asked for was done in part.
    bool map (Where from, Where to, bool writable);
    /// @pre from.space != 0
    bool grant (Where from, Where to, bool writable);
    void unmap (Where where, kernel::MapAction action, kernel::MapScope scope);

    /// The same for the 4 pages around each.
    bool map_slot (Where from, Where to, bool writable);
    bool grant_slot (Where from, Where to, bool writable);
    void unmap_slot (Where where, kernel::MapAction action, kernel::MapScope scope);

    /// What `where` is for the database: the page, or with `whole` the 4 MB page around it, if
    /// it is one. Empty if there is nothing.
    struct Target {
        kernel::MappedPage page {};
        std::vector<Where> pages {};
    };
    [[nodiscard]] Target target (Where where, bool whole);

    [[nodiscard]] std::optional<Found> find (Where where);
    /// Whether the page is part of a 4 MB page, of which there may be something left only.
    [[nodiscard]] bool is_in_super (Where where);
    [[nodiscard]] bool consistent () const;
    /// All pages of all spaces, with their parents, as the database and the page tables say.
    [[nodiscard]] MapModel::Pages pages ();
    /// The lists of a region of memory, in their order: 4 MB pages (as `super_in_order`, and one
    /// more if it is split), each with its parts (of space `part_in_order`) and their 4 KB pages.
    static constexpr unsigned super_in_order = 1000;
    static constexpr unsigned part_in_order = 1000;
    [[nodiscard]] std::vector<Where> order (unsigned region) const;

    bool checks_each_step { true };
    Observer& observer;
    MemoryPool pool;
    Database database;
    std::deque<Space> spaces;       ///< number 0 is unused: sigma0 has no tables

private:
    [[nodiscard]] Slot& slot_of (Where where);
    [[nodiscard]] Where parent_of (Found const& found);
    void split (kernel::MapNode& super);
    [[nodiscard]] bool is_above (Where above, Where below);
    [[nodiscard]] bool is_child (Where child, Where parent);
    [[nodiscard]] bool make_room (Where from, Where to);
    [[nodiscard]] bool is_whole (Where where);
    [[nodiscard]] bool make_room_for_super (Where from, Where to);
    void allow_writing_super (Where where);
    /// Where to map from. Null if memory is used up.
    [[nodiscard]] kernel::MapNode* source_node (Where from);
    void take_back (Target const& target, kernel::MapAction action, kernel::MapScope scope);
    [[nodiscard]] bool take_back_at_once (Target const& target, kernel::MapAction action,
                                          kernel::MapScope scope);
    unsigned taken_back_ { 0 };
    void report_removed (Entry const& entry, unsigned part);
    friend struct Policy;
    bool is_moving_ { false };      ///< what is removed just now is granted
    void allow_writing (Where where);
};

}  // namespace toy
