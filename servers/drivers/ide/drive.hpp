// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a drive is: the words of IDENTIFY, and where a sector lies.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <span>

#include <l4/word.hpp>

namespace ide {

using l4::Word;

struct Geometry {
    Word cylinders { 0 };
    Word heads { 0 };
    Word sectors { 0 };             ///< of a track

    [[nodiscard]] constexpr Word capacity () const { return cylinders * heads * sectors; }
};

struct CylinderHeadSector {
    Word cylinder;
    Word head;
    Word sector;                    ///< from 1
};

[[nodiscard]] constexpr CylinderHeadSector locate (Geometry const& geometry, Word sector)
{
    Word const track = sector / geometry.sectors;
    return { track / geometry.heads, track % geometry.heads, sector % geometry.sectors + 1 };
}

struct Drive {
    static constexpr std::size_t identity_words = 256;
    using Identity = std::span<std::uint16_t const, identity_words>;

    bool present { false };
    bool linear { false };
    bool flushes { false };
    Geometry geometry {};
    Word sectors { 0 };
    char model[40] {};
    char serial[20] {};
    char firmware[8] {};

    /// @return not present if the words are not those of a disk
    [[nodiscard]] static Drive from (Identity words);
};

namespace detail {

/// Characters come two in a word, the first in its high byte.
template <std::size_t N>
constexpr void copy_text (Drive::Identity words, std::size_t first, char (&to)[N])
{
    for (std::size_t i = 0; i < N / 2; ++i) {
        to[2 * i] = static_cast<char> (words[first + i] >> 8);
        to[2 * i + 1] = static_cast<char> (words[first + i] & 0xFF);
    }
}

[[nodiscard]] constexpr Word double_word (Drive::Identity words, std::size_t first)
{
    return words[first] | Word { words[first + 1] } << 16;
}

}  // namespace detail

inline Drive Drive::from (Identity words)
{
    constexpr unsigned not_ata = 0x8000;
    constexpr unsigned has_linear = 0x0200;
    constexpr unsigned current_valid = 0x0001;
    constexpr unsigned sets_valid = 0x4000;         // of the two bits that say so
    constexpr unsigned sets_mask = 0xC000;
    constexpr unsigned has_flush = 0x1000;
    Drive drive;
    drive.geometry = { words[1], words[3], words[6] };
    if ((words[53] & current_valid) != 0 && words[54] != 0)
        drive.geometry = { words[54], words[55], words[56] };
    drive.linear = (words[49] & has_linear) != 0;
    drive.flushes = (words[83] & sets_mask) == sets_valid && (words[83] & has_flush) != 0;
    drive.sectors = drive.linear ? detail::double_word (words, 60) : drive.geometry.capacity ();
    drive.present = (words[0] & not_ata) == 0 && drive.sectors != 0 && drive.geometry.heads != 0
                    && drive.geometry.heads <= 16 && drive.geometry.sectors != 0
                    && drive.geometry.sectors <= 255;
    detail::copy_text (words, 27, drive.model);
    detail::copy_text (words, 10, drive.serial);
    detail::copy_text (words, 23, drive.firmware);
    return drive;
}

}  // namespace ide
