// SPDX-License-Identifier: BSD-2-Clause
/// @file  The nodes of the mapping database and how they hang together.
///
/// A tree is a list of its nodes in pre-order, each with a pointer to its parent: the children of
/// a node follow it, and a node without children is followed by one that has another parent. So a
/// subtree is walked, and taken apart leaf by leaf, without recursion and without looking beyond
/// the neighbour.
///
/// Example: a has the children b and d, b has the child c. The list is, parents in brackets:
///     a  b[a]  c[b]  d[a]     and with a new child e of a:     a  e[a]  b[a]  c[b]  d[a]
///
/// There are two kinds of lists. The 4 MB pages of a region of memory form one tree. Its nodes
/// are each the head of a second list: the 4 KB pages that were mapped out of that 4 MB page,
/// grouped by the part of it that they show. The parts that have such children are nodes, too.
///
///     region --- 4 MB page --- 4 MB page --- ...            list of supers
///       |            |
///     part 7       part 3 --- page --- page --- part 9 ...  list of parts and pages
///
/// Invariants: in each list, a node's parent is its predecessor or one of that one's ancestors;
///             a part has children; what is dead has no page any more, and is being removed.
#pragma once

#include <lib/assert.hpp>

#include <cstdint>

namespace kernel {

/// A node. What `word_` holds depends on the kind, which is its lowest two bits.
class MapNode {
public:
    enum class Kind : std::uintptr_t {
        page,       ///< a 4 KB page of a space: address of its page-table entry
        dead,       ///< was a page
        part,       ///< 4 KB of the 4 MB page that is its parent: their number
        super,      ///< a 4 MB page of a space, or a region: address of its entry, or number
    };

    static constexpr std::uintptr_t kind_mask = 3;

    MapNode* next { nullptr };
    MapNode* previous { nullptr };      ///< of the first in a list of parts: the super
    MapNode* parent { nullptr };        ///< of a region: null

    MapNode () = default;
    MapNode (Kind kind, std::uintptr_t value) { set (kind, value); }

    [[nodiscard]] Kind kind () const { return static_cast<Kind> (word_ & kind_mask); }
    [[nodiscard]] bool is_super () const { return kind () == Kind::super; }
    [[nodiscard]] bool is_region () const { return parent == nullptr; }

    [[nodiscard]] std::uintptr_t value () const { return word_ & ~kind_mask; }
    void set (Kind kind, std::uintptr_t value)
    {
        ASSERT ((value & kind_mask) == 0);
        word_ = value | static_cast<std::uintptr_t> (kind);
    }

    /// Whether nothing hangs below, apart from a super's parts.
    [[nodiscard]] bool is_leaf () const { return next == nullptr || next->parent != this; }

private:
    std::uintptr_t word_ { 0 };
};

/// The part of a 4 MB node that does not depend on how many parts it has.
struct MapSuperHead {
    MapNode node;
    MapNode* first_part { nullptr };    ///< list of parts and their pages
    std::uint32_t pages { 0 };          ///< 4 KB parts that the space still has; region: unused
    void* table { nullptr };            ///< in reserve, of an entry that is not split
    std::uint32_t filled { 0 };         ///< entries of the table that are up to date

    [[nodiscard]] bool is_dead () const { return !node.is_region () && pages == 0; }
    [[nodiscard]] bool is_empty () const { return node.is_leaf () && first_part == nullptr; }
};

[[nodiscard]] inline MapSuperHead& super_of (MapNode& node)
{
    ASSERT (node.is_super ());
    return reinterpret_cast<MapSuperHead&> (node);
}

/// Whether `node`'s page is gone and only its children keep it from being removed.
[[nodiscard]] inline bool is_dead (MapNode& node)
{
    return node.is_super () ? super_of (node).is_dead () : node.kind () == MapNode::Kind::dead;
}

namespace map_list {

/// What follows `node` in a list of parts and pages; a super stands before the first.
[[nodiscard]] inline MapNode* next_small (MapNode& node)
{
    return node.is_super () ? super_of (node).first_part : node.next;
}

/// `node` becomes the first child of `parent`; a part that of its super.
inline void insert (MapNode& parent, MapNode& node)
{
    bool const first_part = parent.is_super () && !node.is_super ();
    MapNode*& place = first_part ? super_of (parent).first_part : parent.next;
    node.next = place;
    node.previous = &parent;
    node.parent = &parent;
    if (node.next != nullptr)
        node.next->previous = &node;
    place = &node;
}

/// The same for a 4 KB page, whose parent is a page or a part.
inline void insert_page (MapNode& parent, MapNode& node)
{
    ASSERT (!parent.is_super () && !node.is_super ());
    node.next = parent.next;
    node.previous = &parent;
    node.parent = &parent;
    if (node.next != nullptr)
        node.next->previous = &node;
    parent.next = &node;
}

inline void remove_page (MapNode& node)
{
    ASSERT (!node.previous->is_super ());
    node.previous->next = node.next;
    if (node.next != nullptr)
        node.next->previous = node.previous;
}

inline void remove (MapNode& node)
{
    bool const first_part = node.previous->is_super () && !node.is_super ();
    MapNode*& place = first_part ? super_of (*node.previous).first_part : node.previous->next;
    place = node.next;
    if (node.next != nullptr)
        node.next->previous = node.previous;
}

/// Whether `node`'s neighbours agree and its parent is its predecessor or above that. Slow.
[[nodiscard]] inline bool is_in_preorder (MapNode& node)
{
    if (node.next != nullptr && node.next->previous != &node)
        return false;
    for (MapNode* above = node.previous; above != nullptr; above = above->parent)
        if (above == node.parent)
            return true;
    return false;
}

}  // namespace map_list

/// Where a walk through a subtree stands. Everything from `base` to `last`, in list order, has
/// been visited; `up` is the node whose next child is looked for, on the way from `last` up to
/// `base`. Inactive if `base` is null.
struct MapWalk {
    MapNode* base { nullptr };
    MapNode* last { nullptr };
    MapNode* up { nullptr };
    MapNode* branch { nullptr };        ///< the child of `base`, a page, below which `up` is

    [[nodiscard]] bool is_active () const { return base != nullptr; }
    void start (MapNode* at) { *this = { at, at, at, nullptr }; }
    void stop () { *this = {}; }

    /// `node`, a leaf, is about to be removed.
    void forget (MapNode& node)
    {
        if (base == &node) {
            stop ();
            return;
        }
        if (last == &node)
            last = node.previous;
        if (up == &node)
            up = node.parent;
        if (branch == &node)
            branch = nullptr;
    }

    /// `node` has become the first child of its parent. If the walk has left that already, it
    /// passes `node` by.
    void notice (MapNode& node)
    {
        if (last == node.parent && up != node.parent)
            last = &node;
    }

    /// Finish only what hangs below the branch that has been begun.
    void confine_to_branch ()
    {
        base = branch;
        if (base == nullptr)
            stop ();
    }

    /// Go up: nothing is left below `up`. With `base` the walk ends.
    /// @return the node that was left
    MapNode& leave ()
    {
        MapNode& left = *up;
        if (branch == up)
            branch = nullptr;
        if (base == up)
            stop ();
        else
            up = left.parent;
        return left;
    }

    /// Go down to `child`, which is the next node.
    void enter (MapNode& child)
    {
        if (child.kind () != MapNode::Kind::part
            && (up == base || up->kind () == MapNode::Kind::part))
            branch = &child;
        last = &child;
        up = &child;
    }
};

}  // namespace kernel
