// SPDX-License-Identifier: BSD-2-Clause
/// @file  Disks at the console.
///
///     disk                        drives and partitions
///     disk read UNIT SECTOR       the bytes of a sector
///     disk sum UNIT               read all of a unit: a checksum, and how many sectors are bad
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/words.hpp>

#include <drivers/block/protocol.hpp>

namespace {

using block::Word;
using rt::Error;

constexpr Word sectors_per_megabyte = 2048;
constinit block::Disk disk {};
alignas (l4::page_size) constinit unsigned char buffer[l4::page_size] {};

template <std::size_t N>
[[nodiscard]] std::string_view trimmed (char const (&text)[N])
{
    std::string_view view { text, N };
    while (!view.empty () && (view.back () == ' ' || view.back () == '\0'))
        view.remove_suffix (1);
    return view;
}

void print_partition (Word unit, block::Describe::Answer const& partition)
{
    rt::print ("  unit ", rt::padded (unit, 2), "  type ", rt::hex (partition.type, 2), "  first ",
               rt::padded (partition.first, 8), "  sectors ", rt::padded (partition.sectors, 8),
               partition.type == block::own_type ? "  ours\n" : "  read-only\n");
}

void print_drive (Word drive, block::Identify::Answer const& about, block::DriveText const& text)
{
    rt::print ("drive ", drive, ": ", trimmed (text.model), ", ", trimmed (text.serial), ", ",
               about.sectors / sectors_per_megabyte, " MB, ", about.sectors, " sectors, ",
               about.cylinders, "/", about.heads, "/", about.sectors_per_track,
               about.linear != 0 ? ", LBA\n" : ", CHS\n");
    for (Word number = 1; number < 16; ++number) {
        Word const unit = block::unit (drive, number);
        auto const partition = disk.describe (unit);
        if (partition.ok ())
            print_partition (unit, partition.value);
    }
}

int list ()
{
    bool any = false;
    for (Word drive = 0; drive < block::most_drives; ++drive) {
        block::DriveText text;
        auto const about = disk.identify (drive, text);
        if (about.error == Error::not_found)
            continue;
        if (!about.ok ()) {
            rt::print ("disk: ", rt::text (about.error), "\n");
            return 1;
        }
        any = true;
        print_drive (drive, about.value, text);
    }
    if (!any)
        rt::print ("disk: no drive\n");
    return any ? 0 : 1;
}

int read (Word unit, Word sector)
{
    Error const error = drivers::persist (
        [&] { return disk.read (block::Extent::of (unit, sector, 1), buffer); });
    if (error != Error::none) {
        rt::print ("disk: ", rt::text (error), "\n");
        return 1;
    }
    constexpr Word in_line = 16;
    for (Word at = 0; at < block::sector_size; at += in_line) {
        rt::print (rt::hex (at, 3), " ");
        for (Word i = 0; i < in_line; ++i)
            rt::print (" ", rt::hex (buffer[at + i], 2));
        rt::print ("\n");
    }
    return 0;
}

/// The sum of all words, each rotated by its place: cheap, and moved sectors are noticed.
[[nodiscard]] Word add_to_sum (Word sum, Word count)
{
    auto const* const words = reinterpret_cast<Word const*> (buffer);
    for (Word i = 0; i < count * block::sector_size / sizeof (Word); ++i)
        sum = (sum << 1 | sum >> 31) + words[i];
    return sum;
}

int sum (Word unit)
{
    auto const about = disk.describe (unit);
    if (!about.ok ()) {
        rt::print ("disk: ", rt::text (about.error), "\n");
        return 1;
    }
    Word total = 0;
    Word bad = 0;
    for (Word sector = 0; sector < about.value.sectors; sector += block::most_sectors) {
        Word const left = about.value.sectors - sector;
        Word const count = left < block::most_sectors ? left : block::most_sectors;
        Error const error = drivers::persist (
            [&] { return disk.read (block::Extent::of (unit, sector, count), buffer); });
        if (error == Error::none)
            total = add_to_sum (total, count);
        else
            bad += count;
    }
    rt::print ("unit ", unit, ": ", about.value.sectors, " sectors, sum ", rt::hex (total), ", ",
               bad, " bad\n");
    return bad == 0 ? 0 : 1;
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const what = rt::take_word (arguments);
    Word const unit = rt::parse_decimal (rt::take_word (arguments));
    if (what.empty ())
        return list ();
    if (what == "read")
        return read (unit, rt::parse_decimal (rt::take_word (arguments)));
    if (what == "sum")
        return sum (unit);
    rt::print ("usage: disk [read UNIT SECTOR | sum UNIT]\n");
    return 2;
}
