// SPDX-License-Identifier: BSD-2-Clause
#include <elf32.hpp>

#include <gtest/gtest.h>
#include <support/random.hpp>

#include <string>

#include "executable.hpp"

using boot::Elf32;
using boot::Range;

namespace {

constexpr std::uint32_t base = 0x1D0000;

/// Code of 16 bytes, and 8 bytes of data with bss behind them.
Executable good ()
{
    return Executable { base + 4, { { base, std::vector<std::uint8_t> (16, 0x90), 16 },
                                    { base + 0x3000, std::vector<std::uint8_t> (8, 1), 0x1234 } } };
}

std::string problem (Executable file)
{
    Elf32 elf;
    char const* const found = elf.read (file.bytes ());
    return found == nullptr ? "none" : found;
}

/// The good file with one word of its header or of the second segment's changed.
std::string with_word (std::uint32_t at, std::uint32_t value)
{
    return problem (good ().put_word (at, value));
}

std::string with_half (std::uint32_t at, std::uint32_t value)
{
    return problem (good ().put_half (at, value));
}

std::string with_data_segment (Executable::SegmentField field, std::uint32_t value)
{
    return with_word (Executable::segment (1, field), value);
}

}  // namespace

TEST (Elf32, SegmentsOfAGoodFile)
{
    auto file = good ();
    Elf32 elf;
    ASSERT_EQ (elf.read (file.bytes ()), nullptr);
    EXPECT_EQ (elf.entry (), base + 4);
    ASSERT_EQ (elf.segments ().size (), 2u);
    EXPECT_EQ (elf.segments ()[0].bytes.size (), 16u);
    EXPECT_EQ (elf.segments ()[0].bytes[0], std::byte { 0x90 });
    EXPECT_EQ (elf.segments ()[1].physical, (Range { base + 0x3000, base + 0x4234 }));
    EXPECT_EQ (elf.pages (), (Range { base, base + 0x5000 }));
    EXPECT_TRUE (elf.runs_where_loaded ());
}

TEST (Elf32, PhysicalAddressesDecideWhereSegmentsGo)
{
    auto file = good ();
    file.put_word (Executable::segment (0, Executable::linked_at), 0xF0100000);
    Elf32 elf;
    ASSERT_EQ (elf.read (file.bytes ()), nullptr);
    EXPECT_EQ (elf.segments ()[0].physical.begin, base);
    EXPECT_FALSE (elf.runs_where_loaded ());
}

TEST (Elf32, OtherFilesAreNotElfForUs)
{
    EXPECT_EQ (problem (good ().put_byte (0, 0)), "not an ELF file");
    EXPECT_EQ (problem (good ().put_byte (Executable::class_at, 2)), "not a 32-bit ELF file");
    EXPECT_EQ (problem (good ().put_byte (Executable::data_at, 2)),
               "not a little-endian ELF file");
    EXPECT_EQ (with_word (Executable::version_at, 2), "unknown ELF version");
    EXPECT_EQ (with_half (Executable::type_at, 1), "not an executable ELF file");
    EXPECT_EQ (with_half (Executable::machine_at, 62), "not an ELF file for the i386");
}

TEST (Elf32, HeaderSizesAreChecked)
{
    EXPECT_EQ (with_half (Executable::header_size_at, 51), "damaged ELF header");
    EXPECT_EQ (with_half (Executable::segment_header_size_at, 56), "damaged ELF header");
    EXPECT_EQ (with_half (Executable::segment_count_at, 0), "ELF file without anything to load");
    EXPECT_EQ (with_half (Executable::segment_count_at, 0xFFFF), "truncated ELF file");
    EXPECT_EQ (with_word (Executable::segments_offset_at, 0xFFFFFFF0), "truncated ELF file");
    EXPECT_EQ (with_word (Executable::segments_offset_at, 0x1000), "truncated ELF file");
}

TEST (Elf32, SegmentsMustLieInTheFile)
{
    EXPECT_EQ (with_data_segment (Executable::offset_at, 0xFFFFFFFC), "truncated ELF file");
    EXPECT_EQ (with_data_segment (Executable::file_size_at, 0x1000), "truncated ELF file");
    EXPECT_EQ (with_data_segment (Executable::memory_size_at, 7),
               "segment with more bytes than memory");
}

TEST (Elf32, SegmentsMustLieInTheAddressSpace)
{
    EXPECT_EQ (with_data_segment (Executable::memory_size_at, 0xFFFFFFFF),
               "segment beyond the address space");
    EXPECT_EQ (with_data_segment (Executable::physical_at, 0xFFFFFFF0),
               "segment beyond the address space");
}

TEST (Elf32, SegmentsMustNotShareBytes)
{
    EXPECT_EQ (with_data_segment (Executable::physical_at, base + 15), "overlapping segments");
    EXPECT_EQ (with_data_segment (Executable::physical_at, base + 16), "none");
}

TEST (Elf32, TheEntryMustBeInTheFile)
{
    std::string const outside = "entry point outside of the image";
    EXPECT_EQ (with_word (Executable::entry_at, base - 1), outside);
    EXPECT_EQ (with_word (Executable::entry_at, base + 16), outside);
    EXPECT_EQ (with_word (Executable::entry_at, base + 0x3008), outside);   // in the bss
    EXPECT_EQ (with_word (Executable::entry_at, base + 0x3007), "none");
}

TEST (Elf32, SegmentsThatAreNotLoadedDoNotMatter)
{
    EXPECT_EQ (with_data_segment (Executable::segment_type_at, 4), "none");
    EXPECT_EQ (with_data_segment (Executable::segment_type_at, 3),
               "ELF file that needs a dynamic linker");
    EXPECT_EQ (problem (good ().put_word (Executable::segment (1, Executable::file_size_at), 0)
                            .put_word (Executable::segment (1, Executable::memory_size_at), 0)),
               "none");
}

TEST (Elf32, MoreSegmentsThanFit)
{
    std::vector<Executable::Segment> many;
    for (std::uint32_t i = 0; i < Elf32::max_segments + 1; ++i)
        many.push_back ({ base + i * 0x1000, { 1 }, 1 });
    EXPECT_EQ (problem (Executable { base, many }), "too many segments");
    many.pop_back ();
    EXPECT_EQ (problem (Executable { base, many }), "none");
}

TEST (Elf32, EveryTruncationIsNoticed)
{
    auto const whole = good ().bytes ();
    for (std::size_t size = 0; size < whole.size (); ++size) {
        std::vector<std::byte> const part { whole.data (), whole.data () + size };
        Elf32 elf;
        EXPECT_NE (elf.read (part), nullptr) << size;
    }
}

TEST (Elf32, MutatedFilesKeepThePromises)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    auto const whole = good ().bytes ();
    for (unsigned round = 0; round < 50000; ++round) {
        std::vector<std::byte> bytes { whole };
        for (unsigned i = 1 + random.below (3); i > 0; --i)
            bytes[random.below (bytes.size ())]
                = random.one_in (2) ? static_cast<std::byte> (random.word ())
                                    : static_cast<std::byte> (random.one_in (2) ? 0xFF : 0);
        Elf32 elf;
        if (elf.read (bytes) != nullptr)
            continue;
        bool entry_found = false;
        for (auto const& s : elf.segments ()) {
            ASSERT_GE (s.bytes.data (), bytes.data ());
            ASSERT_LE (s.bytes.data () + s.bytes.size (), bytes.data () + bytes.size ());
            ASSERT_FALSE (s.physical.is_empty ());
            ASSERT_LE (s.bytes.size (), s.physical.size ());
            entry_found = entry_found
                          || (elf.entry () >= s.physical.begin && elf.entry () < s.physical.end);
            for (auto const& other : elf.segments ())
                ASSERT_TRUE (&s == &other || !s.physical.overlaps (other.physical));
            ASSERT_TRUE (elf.pages ().contains (s.physical));
        }
        ASSERT_TRUE (entry_found);
    }
}
