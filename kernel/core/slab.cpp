// SPDX-License-Identifier: BSD-2-Clause
#include <core/slab.hpp>

#include <lib/align.hpp>

#include <new>

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
    ++used_nodes_;
    return take_node (*frame);
}

void NodeSlab::free (void* node, Quota& quota)
{
    Address const start
        = lib::align_down (reinterpret_cast<Address> (node), FrameAllocator::frame_size);
    auto& frame = *reinterpret_cast<Header*> (start);
    ASSERT (frame.used > 0);
    if (frame.used == capacity_)
        with_room_.push_front (frame);
    poison (node);
    frame.free = new (node) FreeNode { frame.free };
    --frame.used;
    --used_nodes_;
    quota.release (node_size_);
    if (frame.used == 0) {
        with_room_.remove (frame);
        frames_.free (&frame);
    }
}

/// Makes use of a freed node show, where assertions are on.
void NodeSlab::poison (void* node) const
{
    if constexpr (lib::assertions)
        for (Word i = 0; i < node_size_ / 4; ++i)
            static_cast<Word*> (node)[i] = 0xDEADDEAD;
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
    return used_nodes_ == used + (used_frames () - frames) * capacity_;
}

}  // namespace kernel
