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

    /// A frame with one user; `no_frame` if all are in use.
    [[nodiscard]] Word allocate ()
    {
        for (Word i = 0; i < limit_; ++i) {
            Word const frame = (search_from_ + i) % limit_;
            if (users_[frame] != 0)
                continue;
            users_[frame] = 1;
            search_from_ = frame;
            ++used_;
            return frame;
        }
        return no_frame;
    }

    void add_user (Word frame) { ++users_[frame]; }

    /// @return whether nobody uses it any more
    bool remove_user (Word frame)
    {
        if (--users_[frame] != 0)
            return false;
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
    Word search_from_ { 0 };
};

}  // namespace pagers
