// SPDX-License-Identifier: BSD-2-Clause
/// @file  The partitions of a drive: the table in its first sector, and the chain of tables in an
///        extended partition.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>
#include <span>

#include <l4/word.hpp>

namespace ide {

using l4::Word;

struct Partition {
    Word first { 0 };
    Word sectors { 0 };             ///< 0: there is none
    Word type { 0 };

    [[nodiscard]] constexpr bool is_extended () const { return type == 0x05 || type == 0x0F; }
};

/// Number 0 is the drive, 1 to 4 its table, 5 up the logical ones.
class Partitions {
public:
    static constexpr Word capacity = 16;
    static constexpr Word sector_size = 512;
    using Sector = std::span<std::byte const, sector_size>;

    /// @param read  bool read (sector): the sector is in `buffer` then
    template <typename Read>
    void find (Word drive_sectors, Sector buffer, Read read)
    {
        partitions_ = {};
        partitions_[0] = { 0, drive_sectors, 0 };
        if (!read (Word { 0 }) || !has_table (buffer))
            return;
        Partition extended {};
        for (Word i = 0; i < entries; ++i) {
            Partition const found = entry (buffer, i, 0);
            if (!lies_in (found, partitions_[0]))
                continue;
            partitions_[1 + i] = found;
            if (found.is_extended ())
                extended = found;
        }
        follow (extended, buffer, read);
    }

    /// @return one without sectors if there is none of this number
    [[nodiscard]] Partition operator[] (Word number) const
    {
        return number < capacity ? partitions_[number] : Partition {};
    }

private:
    static constexpr Word entries = 4;
    static constexpr std::size_t table = 0x1BE;
    static constexpr std::size_t entry_size = 16;
    static constexpr Word first_logical = 5;

    /// Each table of the chain: a partition from there on, and the next table from the beginning
    /// of the extended partition on. A chain that turns back ends with the numbers.
    template <typename Read>
    void follow (Partition const& extended, Sector buffer, Read read)
    {
        Word at = extended.first;
        for (Word number = first_logical; at != 0 && number < capacity; ++number) {
            if (!read (at) || !has_table (buffer))
                return;
            Partition const found = entry (buffer, 0, at);
            Partition const next = entry (buffer, 1, extended.first);
            if (lies_in (found, extended))
                partitions_[number] = found;
            at = next.is_extended () && lies_in (next, extended) ? next.first : 0;
        }
    }

    [[nodiscard]] static bool has_table (Sector sector)
    {
        return sector[510] == std::byte { 0x55 } && sector[511] == std::byte { 0xAA };
    }

    [[nodiscard]] static Partition entry (Sector sector, Word number, Word base)
    {
        std::size_t const at = table + number * entry_size;
        return { base + word (sector, at + 8), word (sector, at + 12),
                 std::to_integer<Word> (sector[at + 4]) };
    }

    [[nodiscard]] static Word word (Sector sector, std::size_t at)
    {
        Word value = 0;
        for (std::size_t i = 4; i > 0; --i)
            value = value << 8 | std::to_integer<Word> (sector[at + i - 1]);
        return value;
    }

    [[nodiscard]] static bool lies_in (Partition const& part, Partition const& whole)
    {
        return part.type != 0 && part.sectors != 0 && part.first > whole.first
               && part.first - whole.first < whole.sectors
               && part.sectors <= whole.sectors - (part.first - whole.first);
    }

    std::array<Partition, capacity> partitions_ {};
};

}  // namespace ide
