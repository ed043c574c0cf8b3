// SPDX-License-Identifier: BSD-2-Clause
/// @file  Timeout queue: blocked threads with a finite timeout, earliest deadline first.
///
/// A binary heap in an array with a place for every node that there can ever be. A sorted list
/// would be simpler, but its insertion is linear in the number of threads that wait, which users
/// choose, with interrupts off. Here insertion and removal of any node move at most one node per
/// level, a handful of instructions each, and nothing recurses: the kernel stack is small.
///
/// Invariants: no node's deadline is before that of its parent, the node at half its place; each
///             node knows its place.
/// Deadlines:  32-bit ticks that wrap around. Any two in the queue differ by less than 2^31.
///             Nodes with equal deadlines leave in no particular order.
/// Example:    insert 30, 10, 20: first () is 10; remove 10: first () is 20.
/// Context:    interrupts off. All zero is an empty queue without places.
#pragma once

#include <lib/assert.hpp>

#include <cstdint>

namespace kernel {

using Tick = std::uint32_t;

/// Whether tick `a` lies before `b`, less than 2^31 ticks apart.
[[nodiscard]] constexpr bool is_before (Tick a, Tick b)
{
    return static_cast<std::int32_t> (a - b) < 0;
}

static_assert (is_before (0xFFFFFFFF, 0) && !is_before (5, 5) && is_before (0, 0x7FFFFFFF));

/// The part of a thread that a timeout queue holds on to. All zero: not queued.
struct TimeoutLink {
    Tick deadline { 0 };
    std::uint32_t place { 0 };      ///< from 1; 0: not queued

    [[nodiscard]] bool is_queued () const { return place != 0; }
};

template <typename Node, TimeoutLink Node::*Member>
class TimeoutQueue {
public:
    [[nodiscard]] static bool is_queued (Node const& node) { return (node.*Member).is_queued (); }

    /// @param nodes  with room for all nodes that may ever be queued at once
    void use (Node** nodes) { nodes_ = nodes; }

    [[nodiscard]] bool is_empty () const { return size_ == 0; }

    /// A node with the earliest deadline, null if there is none.
    [[nodiscard]] Node* first () const { return is_empty () ? nullptr : nodes_[0]; }

    /// @pre `node` is not queued
    void insert (Node& node, Tick deadline)
    {
        ASSERT (!is_queued (node));
        (node.*Member).deadline = deadline;
        rise (node, ++size_);
    }

    /// @pre `node` is queued here
    void remove (Node& node)
    {
        ASSERT (is_queued (node));
        std::uint32_t const place = (node.*Member).place;
        (node.*Member).place = 0;
        Node& last = at (size_--);
        if (&last == &node)
            return;
        rise (last, place);
        sink (last);
    }

    /// The first node gets a later deadline.
    void postpone_first (Tick deadline)
    {
        (at (1).*Member).deadline = deadline;
        sink (at (1));
    }

    /// Whether all invariants hold. Slow.
    [[nodiscard]] bool consistent () const
    {
        for (std::uint32_t place = 1; place <= size_; ++place)
            if ((at (place).*Member).place != place
                || (place > 1 && comes_before (at (place), at (place / 2))))
                return false;
        return true;
    }

private:
    [[nodiscard]] Node& at (std::uint32_t place) const { return *nodes_[place - 1]; }

    [[nodiscard]] static bool comes_before (Node const& a, Node const& b)
    {
        return is_before ((a.*Member).deadline, (b.*Member).deadline);
    }

    void put (Node& node, std::uint32_t place)
    {
        nodes_[place - 1] = &node;
        (node.*Member).place = place;
    }

    /// `node` takes `place`, which is free, or that of a node above it.
    void rise (Node& node, std::uint32_t place)
    {
        for (; place > 1 && comes_before (node, at (place / 2)); place /= 2)
            put (at (place / 2), place);
        put (node, place);
    }

    /// `node` goes down as far as others below it come first.
    void sink (Node& node)
    {
        std::uint32_t place = (node.*Member).place;
        for (std::uint32_t child; (child = 2 * place) <= size_; place = child) {
            if (child < size_ && comes_before (at (child + 1), at (child)))
                ++child;
            if (!comes_before (at (child), node))
                break;
            put (at (child), place);
        }
        put (node, place);
    }

    Node** nodes_ { nullptr };
    std::uint32_t size_ { 0 };
};

}  // namespace kernel
