// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which place holds which block of which task.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/word.hpp>

namespace store {

using l4::Word;

template <std::size_t Capacity>
class Blocks {
public:
    static constexpr Word none = ~Word { 0 };

    [[nodiscard]] Word find (Word task, Word block) const
    {
        for (Word place = 0; place < Capacity; ++place)
            if (entries_[place].task == task && entries_[place].block == block)
                return place;
        return none;
    }

    /// The place that the block has, or a free one. @return `none` if there is none
    [[nodiscard]] Word place_for (Word task, Word block)
    {
        if (Word const place = find (task, block); place != none)
            return place;
        for (Word place = 0; place < Capacity; ++place)
            if (entries_[place].task == 0) {
                entries_[place] = { task, block };
                return place;
            }
        return none;
    }

private:
    struct Entry { Word task, block; };

    std::array<Entry, Capacity> entries_ {};        ///< task 0: free
};

}  // namespace store
