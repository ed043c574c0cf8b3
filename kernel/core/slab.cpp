// SPDX-License-Identifier: BSD-2-Clause
#include <core/slab.hpp>

#include <lib/align.hpp>

namespace kernel {

using l4::Address;
using l4::Word;

void* NodeSlab::allocate (Quota& quota)
{
    if (!quota.charge (node_size_))
        return nullptr;
    Header* const frame = frame_with_room ();
    if (frame == nullptr) {
        quota.release (node_size_);
        return nullptr;
    }
    count (1);
    return take_node (*frame);
}

void NodeSlab::free (void* node, Quota& quota)
{
    auto& frame = *reinterpret_cast<Header*> (lib::align_down (reinterpret_cast<Address> (node),
                                                               FrameAllocator::frame_size));
    ASSERT (frame.used > 0);
    poison (node);
    frame.free = new (node) FreeNode { frame.free };
    count (-1);
    quota.release (node_size_);
    --frame.used;
    if (frame.used == 0 || frame.used + 1u == capacity_)
        move_frame (frame);
}

/// One node has left `frame`, which was full or is empty now.
void NodeSlab::move_frame (Header& frame)
{
    if (frame.used != 0)
        return with_room_.push_front (frame);
    with_room_.remove (frame);
    frames_.free (&frame);
}

NodeSlab::Header* NodeSlab::frame_with_room ()
{
    if (Header* const frame = with_room_.first ())
        return frame;
    void* const memory = frames_.allocate (frame_account_);
    if (memory == nullptr)
        return nullptr;
    static_assert (sizeof (Header) == header_size);
    auto* const frame = new (memory) Header {};
    with_room_.push_front (*frame);
    return frame;
}

void* NodeSlab::take_node (Header& frame)
{
    void* node = frame.free;
    if (node != nullptr) {
        frame.free = frame.free->next;
    } else {
        node = reinterpret_cast<char*> (&frame) + header_size + frame.carved * node_size_;
        ++frame.carved;
    }
    if (++frame.used == capacity_)
        with_room_.remove (frame);
    return node;
}

bool NodeSlab::is_consistent (Header const& frame) const
{
    Word free = 0;
    for (FreeNode const* node = frame.free; node != nullptr; node = node->next)
        if (++free > capacity_)
            return false;
    return frame.used > 0 && frame.used < capacity_
           && frame.carved <= capacity_ && frame.used + free == frame.carved;
}

bool NodeSlab::consistent () const
{
    if (!with_room_.consistent ())
        return false;
    Word used = 0;
    Word frames = 0;
    for (Header const& frame : with_room_) {
        if (!is_consistent (frame))
            return false;
        used += frame.used;
        ++frames;
    }
    return !lib::assertions || used_nodes_ == used + (used_frames () - frames) * capacity_;
}

}  // namespace kernel
