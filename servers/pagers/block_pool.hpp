// SPDX-License-Identifier: BSD-2-Clause
/// @file  Frames in aligned blocks of a power of two, so that one fpage covers a block.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/word.hpp>

namespace pagers {

using l4::Word;

/// The power of two from `pages` up.
[[nodiscard]] constexpr Word block_size (Word pages)
{
    Word size = 1;
    while (size < pages)
        size *= 2;
    return size;
}

template <std::size_t Capacity>
class BlockPool {
public:
    static constexpr Word none = ~Word { 0 };

    /// @param size  a power of two  @return the first frame; `none` if there is no such block
    [[nodiscard]] Word allocate (Word size)
    {
        for (Word first = 0; first + size <= Capacity; first += size)
            if (set (first, size, false, true))
                return first;
        return none;
    }

    void free (Word first, Word size) { set (first, size, true, false); }

    [[nodiscard]] Word used () const
    {
        Word count = 0;
        for (bool const used : used_)
            count += used ? 1 : 0;
        return count;
    }

private:
    /// Make all of them `to` if all are `from`. @return whether they were
    bool set (Word first, Word size, bool from, bool to)
    {
        for (Word i = first; i < first + size; ++i)
            if (used_[i] != from)
                return false;
        for (Word i = first; i < first + size; ++i)
            used_[i] = to;
        return true;
    }

    std::array<bool, Capacity> used_ {};
};

}  // namespace pagers
