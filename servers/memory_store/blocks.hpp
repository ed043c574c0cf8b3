// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which place holds which block of which task.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/thread_id.hpp>

namespace store {

using l4::Word;

template <std::size_t Capacity>
class Blocks {
public:
    static constexpr Word none = ~Word { 0 };

    [[nodiscard]] Word find (l4::ThreadId owner, Word block) const
    {
        for (Word place = 0; place < Capacity; ++place)
            if (is_used (place) && entries_[place].block == block
                && entries_[place].owner.same_task (owner))
                return place;
        return none;
    }

    /// The place that the block has, or a free one. @return `none` if there is none
    [[nodiscard]] Word place_for (l4::ThreadId owner, Word block)
    {
        if (Word const place = find (owner, block); place != none)
            return place;
        for (Word place = 0; place < Capacity; ++place)
            if (!is_used (place)) {
                entries_[place] = { owner, block };
                return place;
            }
        return none;
    }

    /// Forget the blocks of tasks that are gone. @param exists  whether a thread exists
    template <typename Exists>
    void collect (Exists exists)
    {
        for (Word place = 0; place < Capacity; ++place)
            if (is_used (place) && !exists (entries_[place].owner))
                entries_[place] = {};
    }

private:
    struct Entry {
        l4::ThreadId owner {};          ///< nil: free
        Word block { 0 };
    };

    [[nodiscard]] bool is_used (Word place) const { return !entries_[place].owner.is_nil (); }

    std::array<Entry, Capacity> entries_ {};
};

}  // namespace store
