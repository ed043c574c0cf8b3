// SPDX-License-Identifier: BSD-2-Clause
/// @file  The page frames of a memory server, by number, each with the count of its users.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>
#include <cstdint>

#include <l4/word.hpp>

namespace pagers {

using l4::Word;

constexpr Word no_frame = ~Word { 0 };

template <std::size_t Capacity>
class FramePool {
public:
    /// @param count  how many there are, at most `Capacity`
    constexpr explicit FramePool (Word count = Capacity) : limit_ { count } {}

    /// The lowest free frame, now with one user; `no_frame` if all are in use. (A frame that was
    /// never used is memory that the root task would have to give.)
    [[nodiscard]] Word allocate ()
    {
        while (lowest_free_ < limit_ && users_[lowest_free_] != 0)
            ++lowest_free_;
        if (lowest_free_ == limit_)
            return no_frame;
        users_[lowest_free_] = 1;
        ++used_;
        return lowest_free_++;
    }

    void add_user (Word frame) { ++users_[frame]; }

    /// @return whether nobody uses it any more
    bool remove_user (Word frame)
    {
        if (--users_[frame] != 0)
            return false;
        if (frame < lowest_free_)
            lowest_free_ = frame;
        --used_;
        return true;
    }

    [[nodiscard]] Word users (Word frame) const { return users_[frame]; }
    [[nodiscard]] Word used () const { return used_; }
    [[nodiscard]] Word size () const { return limit_; }

private:
    std::array<std::uint16_t, Capacity> users_ {};
    Word limit_;
    Word used_ { 0 };
    Word lowest_free_ { 0 };            ///< no frame below is free
};

}  // namespace pagers
