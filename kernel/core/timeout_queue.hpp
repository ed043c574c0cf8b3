// SPDX-License-Identifier: BSD-2-Clause
/// @file  Timeout queue: blocked threads with a finite timeout, earliest deadline first.
///
/// A leftist heap with parent pointers. A sorted list would be simpler, but its insertion is
/// linear in the number of threads that wait, which users choose, with interrupts off. Here
/// insertion and removal of any node take logarithmic time in the worst case, and nothing
/// recurses: the kernel stack is small.
///
/// A node's distance is the length of the way down to the nearest missing child. A left child's
/// distance is never below that of its right sibling, so the way that always goes right is the
/// shortest: at most log2 (n + 1) nodes. Melding two heaps walks along their right ways only;
/// removing a node melds its two subtrees and repairs distances upwards, where each step that
/// changes anything belongs to a way of that length too.
///
/// Source:     Crane 1972; Knuth, "The Art of Computer Programming" 3, 5.2.3.
/// Deadlines:  32-bit ticks that wrap around. Any two in the queue differ by less than 2^31.
///             Nodes with equal deadlines leave in no particular order.
/// Example:    insert 30, 10, 20: first () is 10; remove 10: first () is 20.
/// Context:    interrupts off. All zero is an empty queue.
#pragma once

#include <lib/assert.hpp>

#include <cstdint>
#include <initializer_list>

namespace kernel {

using Tick = std::uint32_t;

/// Whether tick `a` lies before `b`, less than 2^31 ticks apart.
[[nodiscard]] constexpr bool is_before (Tick a, Tick b)
{
    return static_cast<std::int32_t> (a - b) < 0;
}

static_assert (is_before (0xFFFFFFFF, 0) && !is_before (5, 5) && is_before (0, 0x7FFFFFFF));

/// The part of a thread that a timeout queue holds on to. All zero: not queued.
template <typename Node>
struct TimeoutLink {
    Node* left { nullptr };
    Node* right { nullptr };
    Node* parent { nullptr };
    Tick deadline { 0 };
    std::uint32_t distance { 0 };   ///< 0: not queued

    [[nodiscard]] bool is_queued () const { return distance != 0; }
};

template <typename Node, TimeoutLink<Node> Node::*Member>
class TimeoutQueue {
public:
    [[nodiscard]] static bool is_queued (Node const& node) { return (node.*Member).is_queued (); }

    [[nodiscard]] bool is_empty () const { return root_ == nullptr; }

    /// A node with the earliest deadline, null if there is none.
    [[nodiscard]] Node* first () const { return root_; }

    /// @pre `node` is not queued
    void insert (Node& node, Tick deadline)
    {
        auto& link = node.*Member;
        ASSERT (!link.is_queued ());
        link = { nullptr, nullptr, nullptr, deadline, 1 };
        root_ = meld (root_, &node);
    }

    /// @pre `node` is queued here
    void remove (Node& node)
    {
        auto& link = node.*Member;
        ASSERT (link.is_queued ());
        Node* const rest = meld (link.left, link.right);
        Node* const parent = link.parent;
        if (rest != nullptr)
            link_of (rest).parent = parent;
        if (parent == nullptr)
            root_ = rest;
        else
            replace_child (link_of (parent), node, rest);
        repair_upwards (parent);
        link = {};
    }

    /// Takes out a node whose deadline is `now` or earlier; null if there is none.
    [[nodiscard]] Node* remove_expired (Tick now)
    {
        Node* const node = root_;
        if (node == nullptr || is_before (now, link_of (node).deadline))
            return nullptr;
        remove (*node);
        return node;
    }

    /// Whether all invariants hold. Slow, but not recursive either.
    [[nodiscard]] bool consistent () const
    {
        if (root_ != nullptr && link_of (root_).parent != nullptr)
            return false;
        for (Node* node = root_; node != nullptr; node = next_in_preorder (node))
            if (!is_consistent (*node))
                return false;
        return true;
    }

private:
    [[nodiscard]] static TimeoutLink<Node>& link_of (Node* node) { return node->*Member; }

    [[nodiscard]] static std::uint32_t distance_of (Node* node)
    {
        return node == nullptr ? 0 : link_of (node).distance;
    }

    [[nodiscard]] static bool comes_before (Node* a, Node* b)
    {
        return is_before (link_of (a).deadline, link_of (b).deadline);
    }

    /// One heap of two. Of two that are not empty, the result has no parent, lest the repair climb
    /// out of it.
    [[nodiscard]] static Node* meld (Node* a, Node* b)
    {
        if (a == nullptr || b == nullptr)
            return a == nullptr ? b : a;
        if (comes_before (b, a))
            swap (a, b);
        Node* const root = a;
        link_of (root).parent = nullptr;
        repair_all (attach_on_right_way (a, b));
        return root;
    }

    /// Merges the right ways of both heaps by deadline. @return where the last piece was attached
    [[nodiscard]] static Node* attach_on_right_way (Node* node, Node* other)
    {
        for (;;) {
            auto& link = link_of (node);
            if (link.right == nullptr || comes_before (other, link.right)) {
                swap (link.right, other);
                link_of (link.right).parent = node;
                if (other == nullptr)
                    return node;
            }
            node = link.right;
        }
    }

    /// Restores order of children and distance of one node. @return whether its distance changed
    static bool repair (TimeoutLink<Node>& link)
    {
        if (distance_of (link.left) < distance_of (link.right))
            swap (link.left, link.right);
        std::uint32_t const distance = distance_of (link.right) + 1;
        bool const changed = link.distance != distance;
        link.distance = distance;
        return changed;
    }

    /// Repairs the whole way from `node` to the root. All of it lies on a right way.
    static void repair_all (Node* node)
    {
        for (; node != nullptr; node = link_of (node).parent)
            repair (link_of (node));
    }

    /// Repairs from `node` upwards as far as distances change.
    static void repair_upwards (Node* node)
    {
        while (node != nullptr && repair (link_of (node)))
            node = link_of (node).parent;
    }

    static void replace_child (TimeoutLink<Node>& parent, Node& child, Node* replacement)
    {
        if (parent.left == &child)
            parent.left = replacement;
        else
            parent.right = replacement;
    }

    static void swap (Node*& a, Node*& b)
    {
        Node* const previous_a = a;
        a = b;
        b = previous_a;
    }

    [[nodiscard]] static bool is_consistent (Node& node)
    {
        auto const& link = node.*Member;
        if (link.distance != distance_of (link.right) + 1
            || distance_of (link.left) < distance_of (link.right))
            return false;
        for (Node* child : { link.left, link.right })
            if (child != nullptr
                && (link_of (child).parent != &node || comes_before (child, &node)))
                return false;
        return true;
    }

    [[nodiscard]] static Node* next_in_preorder (Node* node)
    {
        if (link_of (node).left != nullptr)
            return link_of (node).left;
        for (; node != nullptr; node = link_of (node).parent) {
            // A right child implies a left one; come back from the left only.
            Node* const parent = link_of (node).parent;
            if (parent != nullptr && link_of (parent).left == node
                && link_of (parent).right != nullptr)
                return link_of (parent).right;
        }
        return nullptr;
    }

    Node* root_ { nullptr };
};

}  // namespace kernel
