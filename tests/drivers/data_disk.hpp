// SPDX-License-Identifier: BSD-2-Clause
/// @file  What is on the disk of tools/media/make_data_disk, and sectors that tell whether they are
///        what was written last.
#pragma once

#include <l4/fpage.hpp>

#include <drivers/block/protocol.hpp>

namespace data_disk {

using l4::Word;

constexpr Word drive = 1;
constexpr Word sectors = 18 * 16 * 63;
constexpr Word store = block::unit (drive, 1);          ///< 4 MB of Pecan's own
constexpr Word ours = block::unit (drive, 2);           ///< 1 MB
constexpr Word foreign = block::unit (drive, 3);        ///< each word: its sector, its place there
constexpr Word last_logical = block::unit (drive, 6);   ///< the same

constexpr Word words_per_sector = block::sector_size / sizeof (Word);

alignas (l4::page_size) inline constinit Word buffer[l4::page_size / sizeof (Word)] {};

/// The words of a sector: which one it is, when it was written, noise, and the sum of all.
[[nodiscard]] constexpr Word word_of (Word sector, Word version, Word place)
{
    if (place == 0)
        return sector;
    return place == 1 ? version : (sector * 2654435761u + version * 40503u) ^ place * 97u;
}

/// Put `count` sectors from `sector` on into the buffer.
inline void fill (Word sector, Word count, Word version)
{
    for (Word i = 0; i < count * words_per_sector; ++i)
        buffer[i] = word_of (sector + i / words_per_sector, version, i % words_per_sector);
}

/// Whether sector `place` of the buffer is `sector` in this version.
[[nodiscard]] inline bool sector_holds (Word place, Word sector, Word version)
{
    Word const* const words = buffer + place * words_per_sector;
    for (Word i = 0; i < words_per_sector; ++i)
        if (words[i] != word_of (sector, version, i))
            return false;
    return true;
}

/// Whether `count` sectors from `sector` on are in the buffer.
[[nodiscard]] inline bool holds (Word sector, Word count, Word version)
{
    for (Word i = 0; i < count; ++i)
        if (!sector_holds (i, sector + i, version))
            return false;
    return true;
}

}  // namespace data_disk
