// SPDX-License-Identifier: BSD-2-Clause
/// @file  Disks: sectors of 512 bytes, by number, of a unit.
///
/// A unit is a whole drive or one of its partitions: 16 * drive + partition, where partition 0 is
/// the drive, 1 to 4 are the entries of its table, and 5 up the logical partitions in the order of
/// their chain. Whole drives can be read; written are only partitions of type `own_type`, so that
/// nothing here can damage what others keep on a disk.
#pragma once

#include <drivers/protocol.hpp>

namespace block {

using l4::Word;

constexpr Word sector_size = 512;
constexpr Word most_sectors = drivers::Message::most_bytes / sector_size;   ///< of one request
constexpr Word most_drives = 2;
constexpr Word own_type = 0x7F;     ///< "for private use": of no other system

[[nodiscard]] constexpr Word unit (Word drive, Word partition) { return 16 * drive + partition; }
[[nodiscard]] constexpr Word drive_of (Word unit) { return unit / 16; }
[[nodiscard]] constexpr Word partition_of (Word unit) { return unit % 16; }

/// What a unit is. not_found: there is none of this number.
struct Describe {
    static constexpr Word operation = 0x50;
    struct Answer {
        Word first;                 ///< its first sector on the drive
        Word sectors;
        Word type;                  ///< of a partition; 0: a whole drive
    };
    Word unit;
};

/// What a drive says about itself; DriveText comes with it.
struct Identify {
    static constexpr Word operation = 0x51;
    struct Answer {
        Word sectors;
        Word cylinders, heads, sectors_per_track;
        Word linear;                ///< 1: addressed by sector number, 0: by cylinder and head
    };
    Word drive;
};

struct DriveText {
    char model[40];
    char serial[20];
    char firmware[8];
};

/// Which sectors; by_geometry has the drive addressed by cylinder, head and sector.
struct Extent {
    Word unit_and_count;            ///< unit << 16 | by_geometry << 15 | sectors
    Word sector;

    static constexpr Word by_geometry = 0x8000;

    [[nodiscard]] static constexpr Extent of (Word unit, Word sector, Word count, Word how = 0)
    {
        return { unit << 16 | how | count, sector };
    }
    [[nodiscard]] constexpr Word unit () const { return unit_and_count >> 16; }
    [[nodiscard]] constexpr Word count () const { return unit_and_count & 0x7FFF; }
    [[nodiscard]] constexpr bool uses_geometry () const
    {
        return (unit_and_count & by_geometry) != 0;
    }
};

/// The sectors come with the answer.
struct Read {
    static constexpr Word operation = 0x52;
    using Answer = rt::Nothing;
    Extent extent;
};

/// The sectors come with the request. Answered when the drive has them.
struct Write {
    static constexpr Word operation = 0x53;
    using Answer = rt::Nothing;
    Extent extent;
};

/// What the drive keeps in a cache of its own goes to the medium.
struct Flush {
    static constexpr Word operation = 0x54;
    using Answer = rt::Nothing;
    Word drive;
};

/// Of the driver's present life.
struct Statistics {
    static constexpr Word operation = 0x55;
    struct Answer {
        Word requests;
        Word sectors_read;
        Word sectors_written;
        Word retries;               ///< of requests that then went well, or not
        Word resets;                ///< of the channel
        Word lost_interrupts;       ///< the drive was ready, but nothing had been heard
    };
};

/// Disks as a client uses them. A copy of the driver's answer, or rt::Error::unavailable.
class Disk {
public:
    constexpr explicit Disk (std::string_view driver = "ide") : device_ { driver } {}

    [[nodiscard]] rt::Error read (Extent extent, void* to);
    [[nodiscard]] rt::Error write (Extent extent, void const* from);
    [[nodiscard]] rt::Error flush (Word drive);
    [[nodiscard]] rt::Reply<Describe::Answer> describe (Word unit);
    [[nodiscard]] rt::Reply<Identify::Answer> identify (Word drive, DriveText& text);
    [[nodiscard]] rt::Reply<Statistics::Answer> statistics ();

    [[nodiscard]] drivers::Device& device () { return device_; }

private:
    drivers::Device device_;
};

}  // namespace block
