// SPDX-License-Identifier: BSD-2-Clause
/// @file  Frames by colour: the part of a physically indexed cache that a frame falls into. Frames
///        of one colour displace each other, frames of different colours never do.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>
#include <cstdint>

#include <l4/fpage.hpp>

namespace pagers {

using l4::Address;
using l4::Word;

template <std::size_t Capacity>
class ColourPool {
public:
    static constexpr Word none = ~Word { 0 };

    /// @param colours  size of a way of the cache, in pages
    explicit constexpr ColourPool (Word colours) : colours_ { colours } {}

    /// The next frame lies at this physical address. @return its number
    Word add (Address physical)
    {
        frames_[count_] = { static_cast<std::uint16_t> (physical / l4::page_size % colours_),
                            false };
        return count_++;
    }

    /// A frame of this colour; if there is none, of the next one that has some.
    [[nodiscard]] Word allocate (Word colour)
    {
        for (Word distance = 0; distance < colours_; ++distance)
            for (Word frame = 0; frame < count_; ++frame)
                if (is_free (frame, (colour + distance) % colours_)) {
                    frames_[frame].used = true;
                    ++used_;
                    return frame;
                }
        return none;
    }

    void free (Word frame)
    {
        frames_[frame].used = false;
        --used_;
    }

    [[nodiscard]] Word colours () const { return colours_; }
    [[nodiscard]] Word colour_of (Word frame) const { return frames_[frame].colour; }
    [[nodiscard]] Word used () const { return used_; }

private:
    [[nodiscard]] bool is_free (Word frame, Word colour) const
    {
        return !frames_[frame].used && frames_[frame].colour == colour;
    }

    struct Frame {
        std::uint16_t colour;
        bool used;
    };

    std::array<Frame, Capacity> frames_ {};
    Word colours_;
    Word count_ { 0 };
    Word used_ { 0 };
};

}  // namespace pagers
