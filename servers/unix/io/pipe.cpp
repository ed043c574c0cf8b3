// SPDX-License-Identifier: BSD-2-Clause
#include "pipe.hpp"

#include <algorithm>

namespace unix_server {

namespace {

std::byte* byte_at (Address frame, Word position)
{
    return reinterpret_cast<std::byte*> (frame) + position % l4::page_size;
}

}  // namespace

bool PipeRing::reserve (Word bytes, FrameBudget& budget)
{
    Word const end = begin_ + size_ + bytes;
    for (Word at = begin_ + size_; at < end; at = (at | (l4::page_size - 1)) + 1) {
        Address& frame = frames_[at / l4::page_size % most_frames];
        if (frame == 0 && (frame = budget.allocate ()) == 0)
            return false;
    }
    return true;
}

std::span<std::byte> PipeRing::back () const
{
    Word const end = (begin_ + size_) % capacity;
    Word const in_page = l4::page_size - end % l4::page_size;
    return { byte_at (frames_[end / l4::page_size], end), std::min (in_page, room ()) };
}

std::span<std::byte const> PipeRing::front () const
{
    Word const in_page = l4::page_size - begin_ % l4::page_size;
    return { byte_at (frames_[begin_ / l4::page_size], begin_), std::min (in_page, size_) };
}

/// An empty ring begins again, so that short messages stay in one frame.
void PipeRing::pop (Word bytes)
{
    size_ -= bytes;
    begin_ = size_ == 0 ? 0 : (begin_ + bytes) % capacity;
}

void PipeRing::give_back (FrameBudget& budget)
{
    for (Address& frame : frames_) {
        if (frame != 0)
            budget.release (frame);
        frame = 0;
    }
    begin_ = size_ = 0;
}

}  // namespace unix_server
