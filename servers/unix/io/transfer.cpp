// SPDX-License-Identifier: BSD-2-Clause
#include "transfer.hpp"

#include <algorithm>

namespace unix_server {

Transfer::Transfer (AddressSpace& space, Frames& frames, std::span<IoVector const> vectors)
    : space_ { &space }, frames_ { &frames }, vectors_ { vectors }
{
    for (IoVector const& vector : vectors)
        size_ += vector.size;
}

Transfer::Transfer (std::span<std::byte> memory)
    : memory_ { memory }, size_ { static_cast<Word> (memory.size ()) }
{
}

/// The next bytes in one piece; empty: they may not be touched. @pre rest () > 0
std::span<std::byte> Transfer::next (bool write)
{
    if (space_ == nullptr)
        return memory_.subspan (done_);
    while (in_vector_ == vectors_.front ().size) {
        vectors_ = vectors_.subspan (1);
        in_vector_ = 0;
    }
    IoVector const& vector = vectors_.front ();
    auto const found = space_->reach (vector.base + in_vector_, write, *frames_);
    return found.first (std::min<std::size_t> (found.size (), vector.size - in_vector_));
}

void Transfer::advance (Word bytes)
{
    in_vector_ += bytes;
    done_ += bytes;
}

void Transfer::skip (Word bytes)
{
    while (space_ != nullptr && bytes > vectors_.front ().size - in_vector_) {
        Word const part = vectors_.front ().size - in_vector_;
        bytes -= part;
        done_ += part;
        vectors_ = vectors_.subspan (1);
        in_vector_ = 0;
    }
    advance (bytes);
}

template <typename Copy>
Word Transfer::move (Word bytes, bool write, Copy copy)
{
    Word moved = 0;
    while (moved < bytes) {
        auto const piece = next (write);
        Word const part = std::min (static_cast<Word> (piece.size ()), bytes - moved);
        if (part == 0)
            break;
        copy (piece.data (), moved, part);
        moved += part;
        advance (part);
    }
    return moved;
}

Word Transfer::put (void const* from, Word bytes)
{
    return move (bytes, true, [from] (std::byte* piece, Word at, Word size) {
        __builtin_memcpy (piece, static_cast<std::byte const*> (from) + at, size);
    });
}

Word Transfer::take (void* to, Word bytes)
{
    return move (bytes, false, [to] (std::byte* piece, Word at, Word size) {
        __builtin_memcpy (static_cast<std::byte*> (to) + at, piece, size);
    });
}

Word Transfer::put_zeros (Word bytes)
{
    return move (bytes, true, [] (std::byte* piece, Word, Word size) {
        __builtin_memset (piece, 0, size);
    });
}

}  // namespace unix_server
