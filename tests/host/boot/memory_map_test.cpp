// SPDX-License-Identifier: BSD-2-Clause
#include <memory_map.hpp>

#include <gtest/gtest.h>
#include <l4/multiboot.hpp>
#include <support/random.hpp>

#include <cstring>
#include <string>
#include <vector>

using boot::MemoryMap;
using boot::MemoryReport;
using boot::Range;

namespace {

constexpr std::uint64_t kb = 1024;
constexpr std::uint64_t mb = 1024 * kb;

/// A Multiboot memory map being written.
class MapBytes {
public:
    MapBytes& add (std::uint64_t base, std::uint64_t length, boot::Word type = 1,
                   boot::Word size = 20)
    {
        l4::multiboot::MemoryMapEntry const entry { size, base, length, type };
        auto const* const bytes = reinterpret_cast<std::byte const*> (&entry);
        bytes_.insert (bytes_.end (), bytes, bytes + sizeof entry);
        bytes_.resize (bytes_.size () + size - 20);
        return *this;
    }

    [[nodiscard]] std::vector<std::byte>& bytes () { return bytes_; }

    [[nodiscard]] MemoryReport report () const
    {
        MemoryReport report;
        report.has_map = true;
        report.map = bytes_;
        return report;
    }

private:
    std::vector<std::byte> bytes_;
};

MemoryMap good (MemoryReport const& report)
{
    MemoryMap map;
    char const* const problem = boot::read_memory_map (report, map);
    EXPECT_EQ (problem, nullptr) << problem;
    EXPECT_TRUE (map.ram.consistent ());
    EXPECT_TRUE (map.usable.consistent ());
    return map;
}

std::string bad (MemoryReport const& report)
{
    MemoryMap map;
    char const* const problem = boot::read_memory_map (report, map);
    return problem == nullptr ? "no problem" : problem;
}

std::vector<Range> ranges (boot::RangeSet const& set) { return { set.begin (), set.end () }; }

MemoryReport sizes (boot::Word lower_kb, boot::Word upper_kb)
{
    MemoryReport report;
    report.has_sizes = true;
    report.lower_kb = lower_kb;
    report.upper_kb = upper_kb;
    return report;
}

using Ranges = std::vector<Range>;

}  // namespace

TEST (MemoryMap, UsableLacksTheFirstPageAndTheAdapterArea)
{
    auto const map = good (MapBytes {}.add (0, 4 * mb).report ());
    EXPECT_EQ (ranges (map.ram), (Ranges { { 0, 0x400000 } }));
    EXPECT_EQ (ranges (map.usable), (Ranges { { 0x1000, 0xA0000 }, { 0x100000, 0x400000 } }));
    EXPECT_TRUE (map.from_bios);
    EXPECT_EQ (map.dropped, 0u);
}

TEST (MemoryMap, TheIsaHoleIsNotMemory)
{
    auto const map = good (MapBytes {}.add (0, 640 * kb).add (mb, 14 * mb)
                               .add (16 * mb, 16 * mb).report ());
    EXPECT_EQ (ranges (map.usable), (Ranges { { 0x1000, 0xA0000 }, { 0x100000, 0xF00000 },
                                              { 0x1000000, 0x2000000 } }));
}

TEST (MemoryMap, OtherEntriesWinOverRam)
{
    auto const map = good (MapBytes {}.add (0xF00000, mb, 2).add (0, 32 * mb)
                               .add (0x1FF0800, 0x100, 3).report ());
    EXPECT_EQ (ranges (map.ram), (Ranges { { 0, 0xF00000 }, { 0x1000000, 0x1FF0000 },
                                           { 0x1FF1000, 0x2000000 } }));
}

TEST (MemoryMap, RamCountsInWholePages)
{
    auto const map = good (MapBytes {}.add (0, 639 * kb).add (mb, 0x1FFF).report ());
    EXPECT_EQ (ranges (map.ram), (Ranges { { 0, 0x9F000 }, { 0x100000, 0x101000 } }));
}

TEST (MemoryMap, RamAboveThreeGigabytesIsDroppedAndCounted)
{
    auto const map = good (MapBytes {}.add (mb, 3499 * mb).add (4096 * mb, 1024 * mb).report ());
    EXPECT_EQ (ranges (map.usable), (Ranges { { 0x100000, 0xC0000000 } }));
    EXPECT_EQ (map.dropped, (3500 - 3072 + 1024) * mb);
    EXPECT_TRUE (map.ram.contains ({ 0xC0000000, 0xDAC00000 }));
}

TEST (MemoryMap, LongerEntriesAreSkippedByTheirSize)
{
    auto const map = good (MapBytes {}.add (0, mb, 1, 24).add (mb, mb, 1, 20).report ());
    EXPECT_EQ (ranges (map.ram), (Ranges { { 0, 0x200000 } }));
}

TEST (MemoryMap, SizesAloneGiveTwoRegions)
{
    auto const map = good (sizes (639, 3072));
    EXPECT_EQ (ranges (map.usable), (Ranges { { 0x1000, 0x9F000 }, { 0x100000, 0x400000 } }));
    EXPECT_FALSE (map.from_bios);
}

TEST (MemoryMap, SizesAreClippedLikeAMap)
{
    auto const map = good (sizes (1024, 4095 * 1024));
    EXPECT_EQ (ranges (map.usable), (Ranges { { 0x1000, 0xA0000 }, { 0x100000, 0xC0000000 } }));
    EXPECT_EQ (map.dropped, 1024 * mb);
}

TEST (MemoryMap, NothingSaidIsAnError)
{
    EXPECT_EQ (bad ({}), "the loader does not say how much memory there is");
}

TEST (MemoryMap, DamagedEntriesAreAnError)
{
    std::string const damaged = "the loader's memory map is damaged; try nommap";
    EXPECT_EQ (bad (MapBytes {}.add (0xFFFFFFFFFFFFF000, 0x2000).report ()), damaged);
    MapBytes too_short;
    too_short.add (0, mb).bytes ().resize (20);
    EXPECT_EQ (bad (too_short.report ()), damaged);
    MapBytes tiny;
    tiny.add (0, mb).bytes ()[0] = std::byte { 4 };
    EXPECT_EQ (bad (tiny.report ()), damaged);
    MapBytes beyond;
    beyond.add (0, mb).bytes ()[0] = std::byte { 200 };
    EXPECT_EQ (bad (beyond.report ()), damaged);
}

TEST (MemoryMap, TooManyRegionsAreAnError)
{
    MapBytes map;
    for (std::uint64_t i = 0; i < 65; ++i)
        map.add (i * 2 * mb, mb);
    EXPECT_EQ (bad (map.report ()), "the memory map has too many regions; try nommap");
}

TEST (MemoryMap, RandomMapsAgreeWithASetOfPages)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    constexpr unsigned pages = 0x200;
    for (unsigned round = 0; round < 300; ++round) {
        MapBytes bytes;
        std::vector<bool> ram (pages), other (pages);
        for (unsigned i = 0; i < 8; ++i) {
            unsigned const begin = random.below (pages);
            unsigned const end = begin + random.below (pages - begin);
            unsigned const type = 1 + random.below (3);
            bytes.add (begin * std::uint64_t { 4096 }, (end - begin) * std::uint64_t { 4096 },
                       type);
            for (unsigned page = begin; page < end; ++page)
                (type == 1 ? ram : other)[page] = true;
        }
        auto const map = good (bytes.report ());
        for (unsigned page = 0; page < pages; ++page) {
            Range const r { page * 4096, page * 4096 + 4096 };
            ASSERT_EQ (map.ram.contains (r), ram[page] && !other[page]) << page;
            bool const outside = page == 0 || (page >= 0xA0 && page < 0x100);
            ASSERT_EQ (map.usable.contains (r), map.ram.contains (r) && !outside) << page;
        }
    }
}

TEST (MemoryMap, RandomBytesDoNoHarm)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (unsigned round = 0; round < 5000; ++round) {
        MapBytes map;
        for (unsigned i = 0; i < 4; ++i)
            map.add (random.word (), random.word (), 1 + random.below (2));
        for (unsigned i = random.below (6); i > 0; --i)
            map.bytes ()[random.below (96)] = static_cast<std::byte> (random.word ());
        map.bytes ().resize (random.below (97));
        map.bytes ().shrink_to_fit ();
        MemoryMap result;
        if (boot::read_memory_map (map.report (), result) != nullptr)
            continue;
        ASSERT_TRUE (result.usable.consistent ());
    }
}
