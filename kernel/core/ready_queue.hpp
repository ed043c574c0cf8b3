// SPDX-License-Identifier: BSD-2-Clause
/// @file  Ready queue: who may run next, by priority.
///
/// One ring per priority and a two-level bitmap of the rings that are not empty: every operation
/// is constant, and the best thread is found by two bit scans.
///
/// Meant to be used lazily: IPC leaves a thread that blocks in its ring, and the scheduler
/// removes it when it meets it (Liedtke, "Improving IPC by kernel design", SOSP'93, 5.3.4). So
/// the queue holds all ready threads except perhaps the running one, and others besides.
///
/// Invariants: a ring's bit is set iff the ring is not empty; a summary bit iff its word is not 0;
///             a node is in at most one ring; its link names the ring it is in.
/// Example:    tail (a, 10), tail (b, 10), tail (c, 7): first () is a; rotate (a): b; remove (b),
///             remove (a): c.
/// Context:    interrupts off. All zero is an empty queue.
#pragma once

#include <lib/assert.hpp>
#include <lib/bits.hpp>

#include <cstdint>

namespace kernel {

/// The part of a thread that a ready queue holds on to. All zero: not queued.
template <typename Node>
struct ReadyLink {
    Node* next { nullptr };
    Node* previous { nullptr };
    std::uint32_t priority { 0 };   ///< ring it is in; the thread's own may change meanwhile

    [[nodiscard]] bool is_queued () const { return next != nullptr; }
};

template <typename Node, ReadyLink<Node> Node::*Member, unsigned Priorities = 256>
class ReadyQueue {
    static_assert (Priorities % 32 == 0 && Priorities / 32 <= 32);

public:
    [[nodiscard]] static bool is_queued (Node const& node) { return (node.*Member).is_queued (); }

    [[nodiscard]] bool is_empty () const { return summary_ == 0; }

    /// The first node of the highest priority, null if there is none.
    [[nodiscard]] Node* first () const
    {
        if (summary_ == 0)
            return nullptr;
        unsigned const word = lib::highest_bit (summary_);
        return ring_[32 * word + lib::highest_bit (map_[word])];
    }

    /// @pre `node` is not queued, priority < Priorities
    void enqueue_tail (Node& node, unsigned priority) { insert (node, priority); }

    /// The same, but `node` comes before the others of its priority.
    void enqueue_head (Node& node, unsigned priority)
    {
        insert (node, priority);
        ring_[priority] = &node;
    }

    /// @pre `node` is queued here
    void remove (Node& node)
    {
        auto& link = node.*Member;
        ASSERT (link.is_queued ());
        Node*& ring = ring_[link.priority];
        if (link.next == &node) {
            ring = nullptr;
            mark_empty (link.priority);
        } else {
            (link.next->*Member).previous = link.previous;
            (link.previous->*Member).next = link.next;
            if (ring == &node)
                ring = link.next;
        }
        link.next = nullptr;
        link.previous = nullptr;
    }

    /// `node`, the first of its ring, becomes the last: its time slice is used up.
    void rotate (Node& node)
    {
        auto& link = node.*Member;
        ASSERT (link.is_queued () && ring_[link.priority] == &node);
        ring_[link.priority] = link.next;
    }

    /// Whether all invariants hold. Slow.
    [[nodiscard]] bool consistent () const
    {
        for (unsigned word = 0; word < words; ++word)
            if (((summary_ >> word) & 1) != (map_[word] != 0))
                return false;
        for (unsigned priority = 0; priority < Priorities; ++priority) {
            bool const marked = ((map_[priority / 32] >> priority % 32) & 1) != 0;
            if (marked != (ring_[priority] != nullptr) || !ring_is_consistent (priority))
                return false;
        }
        return true;
    }

private:
    static constexpr unsigned words = Priorities / 32;

    void insert (Node& node, unsigned priority)
    {
        auto& link = node.*Member;
        ASSERT (!link.is_queued () && priority < Priorities);
        link.priority = priority;
        Node*& ring = ring_[priority];
        if (ring == nullptr) {
            link.next = &node;
            link.previous = &node;
            ring = &node;
            map_[priority / 32] |= lib::bit (priority % 32);
            summary_ |= lib::bit (priority / 32);
            return;
        }
        auto& first = ring->*Member;
        link.next = ring;
        link.previous = first.previous;
        (first.previous->*Member).next = &node;
        first.previous = &node;
    }

    void mark_empty (unsigned priority)
    {
        map_[priority / 32] &= ~lib::bit (priority % 32);
        if (map_[priority / 32] == 0)
            summary_ &= ~lib::bit (priority / 32);
    }

    [[nodiscard]] bool ring_is_consistent (unsigned priority) const
    {
        Node* const first = ring_[priority];
        if (first == nullptr)
            return true;
        Node* node = first;
        do {
            auto const& link = node->*Member;
            if (link.priority != priority || link.next == nullptr
                || (link.next->*Member).previous != node)
                return false;
            node = link.next;
        } while (node != first);
        return true;
    }

    std::uint32_t summary_ { 0 };
    std::uint32_t map_[words] {};
    Node* ring_[Priorities] {};     ///< first node of each ring
};

}  // namespace kernel
