// SPDX-License-Identifier: BSD-2-Clause
/// @file  The frames that processes consist of: pages of the server's own space, each with the
///        number of its uses. What a process has mapped the server can always read and write.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>
#include <cstdint>

#include <l4/fpage.hpp>

namespace unix_server {

using l4::Address;
using l4::Word;

class Frames {
public:
    static constexpr Word capacity = 2048;

    constexpr Frames () = default;

    /// The frames are the pages of [begin, begin + count * 4096). @pre count <= capacity
    constexpr Frames (Address begin, Word count) : begin_ { begin }, count_ { count } {}

    /// A frame full of zeros, with one use; 0: there is none. The lowest one, so that the server
    /// never touches more memory than its processes have had at a time.
    [[nodiscard]] Address allocate ()
    {
        for (; lowest_ < count_; ++lowest_) {
            if (uses_[lowest_] != 0)
                continue;
            uses_[lowest_] = 1;
            ++used_;
            Address const frame = begin_ + lowest_ * l4::page_size;
            __builtin_memset (reinterpret_cast<void*> (frame), 0, l4::page_size);
            return frame;
        }
        return 0;
    }

    /// @return false: it has as many uses as can be counted
    [[nodiscard]] bool share (Address frame)
    {
        if (uses (frame) == most_uses)
            return false;
        ++uses_[number (frame)];
        return true;
    }

    /// One use less. @return whether that was the last one: the frame is free
    bool release (Address frame)
    {
        if (--uses_[number (frame)] != 0)
            return false;
        --used_;
        if (number (frame) < lowest_)
            lowest_ = number (frame);
        return true;
    }

    [[nodiscard]] Word uses (Address frame) const { return uses_[number (frame)]; }
    [[nodiscard]] Word free_count () const { return count_ - used_; }

private:
    static constexpr Word most_uses = 0xFFFF;

    [[nodiscard]] Word number (Address frame) const { return (frame - begin_) / l4::page_size; }

    Address begin_ { 0 };
    Word count_ { 0 };
    Word used_ { 0 };
    Word lowest_ { 0 };                 ///< below it there is no free one
    std::array<std::uint16_t, capacity> uses_ {};
};

}  // namespace unix_server
