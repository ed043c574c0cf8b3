// SPDX-License-Identifier: BSD-2-Clause
/// @file  Slab: nodes of one size, carved from frames.
///
/// Each frame begins with a small header and holds nodes of one slab only, so a node's address
/// leads to its frame. Frames with room are on a ring; full ones need not be found. Nodes are
/// taken from frames with room before another frame is asked for, and a frame without nodes goes
/// back: the slab never holds more frames than its users' nodes once filled.
///
/// A node's bytes are charged to the account of who needs it, the frame itself to an account of
/// the slab, which only counts: several tasks' nodes share it.
///
/// Invariants: used + free = carved in each frame; a frame is on the ring iff 0 < used < capacity.
/// Context:    interrupts off; allocate and free are constant: a new frame is not divided up at
///             once, but node by node as they are needed.
#pragma once

#include <core/frame_allocator.hpp>
#include <lib/intrusive_list.hpp>

#include <new>

namespace kernel {

/// A slab of untyped nodes.
class NodeSlab {
public:
    /// @param pool       where frames come from; outlives the slab
    /// @param node_size  a multiple of 4, at most 4080; a multiple of 16 keeps nodes 16-aligned
    constexpr NodeSlab (FrameAllocator& pool, l4::Word node_size)
        : frames_ { pool }, node_size_ { node_size },
          capacity_ { static_cast<l4::Word> (fitting (node_size)) }
    {
    }

    /// A node with arbitrary contents, charged to `quota`. Null if the limit is reached or there
    /// are no frames left.
    [[nodiscard]] void* allocate (Quota& quota);

    /// Where assertions are on, the node is overwritten.
    /// @param quota  the one that `node` was charged to
    void free (void* node, Quota& quota);

    /// The same two, inline: for hot paths.
    template <l4::Word NodeSize>
    [[nodiscard]] void* allocate_inline (Quota& quota)
    {
        ASSERT (NodeSize == node_size_);
        Header* const frame = with_room_.first ();
        if (frame == nullptr || frame->free == nullptr
            || frame->used + 1 == fitting (NodeSize))
            return allocate (quota);
        if (!quota.charge (NodeSize))
            return nullptr;
        FreeNode* const node = frame->free;
        frame->free = node->next;
        ++frame->used;
        count (1);
        return node;
    }
    template <l4::Word NodeSize>
    void free_inline (void* node, Quota& quota)
    {
        ASSERT (NodeSize == node_size_);
        l4::Address const address = reinterpret_cast<l4::Address> (node);
        auto& frame = *reinterpret_cast<Header*> (address & ~(FrameAllocator::frame_size - 1));
        ASSERT (frame.used > 0);
        poison (node);
        frame.free = new (node) FreeNode { frame.free };
        count (-1);
        quota.release (NodeSize);
        --frame.used;
        if (frame.used == 0 || frame.used + 1 == fitting (NodeSize))
            move_frame (frame);
    }

    /// Counted where assertions are on.
    [[nodiscard]] l4::Word used_nodes () const { return used_nodes_; }
    [[nodiscard]] l4::Word used_frames () const
    {
        return frame_account_.used () / FrameAllocator::frame_size;
    }
    [[nodiscard]] l4::Word nodes_per_frame () const { return capacity_; }

    /// Whether all invariants hold. Slow.
    [[nodiscard]] bool consistent () const;

private:
    static constexpr l4::Word header_size = 16;

    struct FreeNode {
        FreeNode* next;
    };

    /// At the start of each frame.
    struct Header {
        lib::Link link;         ///< while nodes are free
        FreeNode* free;         ///< nodes that came back
        std::uint16_t used;
        std::uint16_t carved;   ///< nodes that have ever been handed out
    };

    /// Nodes of that size in a frame.
    [[nodiscard]] static constexpr int fitting (l4::Word node_size)
    {
        return static_cast<int> ((FrameAllocator::frame_size - header_size) / node_size);
    }
    [[nodiscard]] Header* frame_with_room ();
    [[nodiscard]] void* take_node (Header& frame);
    void move_frame (Header& frame);
    void count (int nodes)
    {
        if constexpr (lib::assertions)
            used_nodes_ += static_cast<l4::Word> (nodes);
    }
    /// Makes use of a freed node show, where assertions are on.
    void poison (void* node) const
    {
        if constexpr (lib::assertions)
            for (l4::Word i = 0; i < node_size_ / 4; ++i)
                static_cast<l4::Word*> (node)[i] = 0xDEADDEAD;
    }
    [[nodiscard]] bool is_consistent (Header const& frame) const;

    FrameAllocator& frames_;
    l4::Word node_size_;
    l4::Word capacity_;         ///< nodes per frame
    l4::Word used_nodes_ { 0 };
    Quota frame_account_ { Quota::unlimited };
    lib::List<Header, &Header::link> with_room_;
};

/// A slab of Ts. Memory only: constructing and destroying is the user's.
template <typename T>
class Slab {
    static_assert (sizeof (T) % 4 == 0 && alignof (T) <= 16);
    static_assert (alignof (T) <= 4 || sizeof (T) % 16 == 0);

public:
    constexpr explicit Slab (FrameAllocator& pool) : nodes_ { pool, sizeof (T) } {}

    [[nodiscard]] void* allocate (Quota& quota) { return nodes_.allocate (quota); }
    void free (T& node, Quota& quota) { nodes_.free (&node, quota); }
    [[nodiscard]] void* allocate_inline (Quota& quota)
    {
        return nodes_.allocate_inline<sizeof (T)> (quota);
    }
    void free_inline (T& node, Quota& quota) { nodes_.free_inline<sizeof (T)> (&node, quota); }
    [[nodiscard]] NodeSlab const& nodes () const { return nodes_; }
    [[nodiscard]] bool consistent () const { return nodes_.consistent (); }

private:
    NodeSlab nodes_;
};

}  // namespace kernel
