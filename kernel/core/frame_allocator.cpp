// SPDX-License-Identifier: BSD-2-Clause
#include <core/frame_allocator.hpp>

#include <lib/align.hpp>

namespace kernel {

using l4::Address;
using l4::Word;

namespace {

Address address_of (void const* pointer) { return reinterpret_cast<Address> (pointer); }

}  // namespace

void FrameAllocator::initialise (Address begin, Address end, Word window_offset)
{
    begin = lib::align_up (begin, frame_size);
    end = lib::align_down (end, frame_size);
    Word const frames = begin < end ? (end - begin) / frame_size : 0;
    Word const descriptor_frames
        = lib::align_up (static_cast<Word> (frames * sizeof (Descriptor)), frame_size) / frame_size;

    window_offset_ = window_offset;
    descriptors_ = reinterpret_cast<Descriptor*> (begin + window_offset);
    first_frame_ = begin + window_offset + descriptor_frames * frame_size;
    count_ = frames - descriptor_frames;
    free_count_ = count_;
    first_free_ = 0;
    for (Word frame = 0; frame < count_; ++frame)
        descriptors_[frame] = { free_before (frame + 1), nullptr };
}

void* FrameAllocator::allocate (Quota& quota)
{
    if (free_count_ == 0 || !quota.charge (frame_size))
        return nullptr;
    Word const frame = first_free_;
    first_free_ = next_free (descriptors_[frame].owner);
    descriptors_[frame] = { address_of (&quota), nullptr };
    --free_count_;
    return reinterpret_cast<void*> (first_frame_ + frame * frame_size);
}

void FrameAllocator::free (void* frame)
{
    Word const freed = number (frame);
    ASSERT (address_of (frame) % frame_size == 0 && !is_free (descriptors_[freed].owner));
    reinterpret_cast<Quota*> (descriptors_[freed].owner)->release (frame_size);
    descriptors_[freed] = { free_before (first_free_), nullptr };
    first_free_ = freed;
    ++free_count_;
}

Quota* FrameAllocator::owner (void const* address) const
{
    Word const owner = descriptors_[number (address)].owner;
    return is_free (owner) ? nullptr : reinterpret_cast<Quota*> (owner);
}

void* FrameAllocator::companion (void const* address) const
{
    return descriptors_[number (address)].companion;
}

void FrameAllocator::set_companion (void const* address, void* companion)
{
    descriptors_[number (address)].companion = companion;
}

bool FrameAllocator::contains (void const* address) const
{
    return (address_of (address) - first_frame_) / frame_size < count_;
}

Word FrameAllocator::number (void const* address) const
{
    ASSERT (contains (address));
    return (address_of (address) - first_frame_) / frame_size;
}

Address FrameAllocator::physical (void const* address) const
{
    return address_of (address) - window_offset_;
}

void* FrameAllocator::at (Address physical) const
{
    return reinterpret_cast<void*> (physical + window_offset_);
}

bool FrameAllocator::consistent () const
{
    Word free = 0;
    for (Word frame = 0; frame < count_; ++frame)
        if (is_free (descriptors_[frame].owner))
            ++free;
        else if (descriptors_[frame].owner == 0)
            return false;
    if (free != free_count_)
        return false;

    // The list is as long as there are free frames and leaves the pool exactly then: so it
    // visits each once.
    Word frame = first_free_;
    for (; free > 0; --free) {
        if (frame >= count_ || !is_free (descriptors_[frame].owner))
            return false;
        frame = next_free (descriptors_[frame].owner);
    }
    return frame == count_;
}

}  // namespace kernel
