// SPDX-License-Identifier: BSD-2-Clause
#include <core/frame_allocator.hpp>

#include <lib/align.hpp>

namespace kernel {

using l4::Address;
using l4::Word;

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
    descriptor_of_0_
        = address_of (descriptors_) - first_frame_ / frame_size * sizeof (Descriptor);
    free_count_ = count_;
    first_free_ = 0;
    first_zeroed_ = count_;
    zeroed_count_ = 0;
    in_work_ = count_;
    for (Word frame = 0; frame < count_; ++frame)
        descriptors_[frame] = { free_before (frame + 1), nullptr };
}

Word FrameAllocator::take_first (Word& list)
{
    Word const frame = list;
    list = next_free (descriptors_[frame].owner);
    return frame;
}

void FrameAllocator::put_first (Word& list, Word frame)
{
    descriptors_[frame] = { free_before (list), nullptr };
    list = frame;
}

void* FrameAllocator::hand_out (Word frame, Quota& quota)
{
    descriptors_[frame] = { address_of (&quota), nullptr };
    --free_count_;
    return frame_at (frame);
}

/// Zeroed frames are the last that are handed out with arbitrary contents.
void* FrameAllocator::allocate (Quota& quota)
{
    if (free_count_ == 0 || !quota.charge (frame_size))
        return nullptr;
    if (free_count_ == zeroed_count_) {
        --zeroed_count_;
        return hand_out (take_first (first_zeroed_), quota);
    }
    if (first_free_ != count_)
        return hand_out (take_first (first_free_), quota);
    Word const frame = in_work_;
    in_work_ = count_;
    return hand_out (frame, quota);
}

void* FrameAllocator::allocate_zeroed (Quota& quota)
{
    if (zeroed_count_ == 0) {
        void* const frame = allocate (quota);
        if (frame != nullptr)
            __builtin_memset (frame, 0, frame_size);
        return frame;
    }
    if (!quota.charge (frame_size))
        return nullptr;
    --zeroed_count_;
    return hand_out (take_first (first_zeroed_), quota);
}

bool FrameAllocator::prepare_zeroed (Word count)
{
    if (has_zeroed (count))
        return true;
    if (in_work_ == count_) {
        in_work_ = take_first (first_free_);
        descriptors_[in_work_] = { free_before (count_), nullptr };
        words_done_ = 0;
    }
    __builtin_memset (frame_at (in_work_) + words_done_, 0, zeroed_at_once * sizeof (Word));
    words_done_ += zeroed_at_once;
    if (words_done_ == frame_size / sizeof (Word)) {
        put_first (first_zeroed_, in_work_);
        in_work_ = count_;
        ++zeroed_count_;
    }
    return false;
}

void FrameAllocator::free (void* frame)
{
    Word const freed = number (frame);
    ASSERT (address_of (frame) % frame_size == 0 && !is_free (descriptors_[freed].owner));
    reinterpret_cast<Quota*> (descriptors_[freed].owner)->release (frame_size);
    put_first (first_free_, freed);
    ++free_count_;
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

    // The lists are as long as there are free frames: so they visit each once.
    Word const others = length_of (first_free_) + (in_work_ != count_ ? 1 : 0);
    return length_of (first_zeroed_) == zeroed_count_ && others == free_count_ - zeroed_count_;
}

/// `count_` + 1 if something else than a list of free frames begins there.
Word FrameAllocator::length_of (Word list) const
{
    Word length = 0;
    for (; list != count_; list = next_free (descriptors_[list].owner))
        if (list > count_ || !is_free (descriptors_[list].owner) || ++length > count_)
            return count_ + 1;
    return length;
}

}  // namespace kernel
