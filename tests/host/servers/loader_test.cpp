// SPDX-License-Identifier: BSD-2-Clause
/// @file  The root task's ELF loader: what it accepts, and everything it must refuse.
#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <root/loader.hpp>

namespace {

using l4::Word;
using root::ElfError;
using root::Executable;

/// Offsets in the file header, and in the program header `n`.
enum FileField : Word {
    magic = 0, file_class = 4, byte_order = 5, type = 16, machine = 18, version = 20, entry = 24,
    table = 28, entry_size = 42, entry_count = 44,
};
enum SegmentField : Word {
    segment_type = 0, offset = 4, address = 8, file_size = 16, memory_size = 20, flags = 24,
};
constexpr Word field (Word n, SegmentField f) { return 52 + 32 * n + f; }

/// A good file with code at 00010000h and data at 00012000h.
class File {
public:
    File ()
    {
        bytes_.resize (0x1000);
        std::memcpy (bytes_.data (), "\177ELF\1\1\1", 7);
        half (type, 2).half (machine, 3).word (version, 1).word (entry, 0x10010);
        word (table, 52).half (entry_size, 32).half (entry_count, 2);
        segment (0, 0x200, 0x10000, 0x1800 - 0x1000, 0x900, 5);
        segment (1, 0xA00, 0x12000, 0x100, 0x3000, 6);
    }

    File& half (Word at, unsigned value)
    {
        bytes_[at] = static_cast<std::byte> (value);
        bytes_[at + 1] = static_cast<std::byte> (value >> 8);
        return *this;
    }
    File& word (Word at, Word value) { return half (at, value).half (at + 2, value >> 16); }
    File& segment (Word n, Word at, Word begin, Word in_file, Word in_memory, Word rights)
    {
        word (field (n, segment_type), 1).word (field (n, offset), at);
        word (field (n, address), begin).word (field (n, file_size), in_file);
        return word (field (n, memory_size), in_memory).word (field (n, flags), rights);
    }
    File& cut (std::size_t size)
    {
        bytes_.resize (size);
        return *this;
    }

    std::vector<std::byte>& bytes () { return bytes_; }
    ElfError read ()
    {
        // Exactly as large as it says: the sanitizer sees every byte read behind the end.
        std::vector<std::byte> const copy (bytes_.begin (), bytes_.end ());
        return root::read_elf (copy, executable);
    }

    Executable executable;

private:
    std::vector<std::byte> bytes_;
};

TEST (Loader, TakesAGoodFileApart)
{
    File file;
    ASSERT_EQ (file.read (), ElfError::none);
    EXPECT_EQ (file.executable.entry, 0x10010u);
    ASSERT_EQ (file.executable.used ().size (), 2u);
    auto const& code = file.executable.segments[0];
    auto const& data = file.executable.segments[1];
    EXPECT_EQ (code.begin, 0x10000u);
    EXPECT_EQ (code.access, l4::Access::read_only);
    EXPECT_EQ (data.file_offset, 0xA00u);
    EXPECT_EQ (data.file_size, 0x100u);
    EXPECT_EQ (data.memory_size, 0x3000u);
    EXPECT_EQ (data.access, l4::Access::read_write);
}

TEST (Loader, RefusesWhatIsNoElfFileForThisMachine)
{
    for (Word const at : { Word { magic }, magic + 1u, magic + 3u, Word { file_class },
                           Word { byte_order }, 6u, Word { machine }, Word { version } }) {
        File file;
        file.bytes ()[at] ^= std::byte { 2 };
        EXPECT_EQ (file.read (), ElfError::not_elf) << at;
    }
}

TEST (Loader, RefusesEveryTruncation)
{
    // Up to here something is needed; behind it there is only padding.
    constexpr std::size_t needed = 0xB00;
    for (std::size_t size = 0; size < needed; ++size)
        EXPECT_NE (File {}.cut (size).read (), ElfError::none) << size;
    EXPECT_EQ (File {}.cut (needed).read (), ElfError::none);
}

TEST (Loader, RefusesRelocatableSharedAndDynamicFiles)
{
    EXPECT_EQ (File {}.half (type, 1).read (), ElfError::not_executable);
    EXPECT_EQ (File {}.half (type, 3).read (), ElfError::not_executable);
    EXPECT_EQ (File {}.word (field (1, segment_type), 2).read (), ElfError::not_executable);
    EXPECT_EQ (File {}.word (field (1, segment_type), 3).read (), ElfError::not_executable);
}

TEST (Loader, RefusesAProgramHeaderTableOutsideTheFile)
{
    EXPECT_EQ (File {}.word (table, 0xFFFFFFF0).read (), ElfError::damaged);
    EXPECT_EQ (File {}.word (table, 0x1000 - 63).read (), ElfError::damaged);
    EXPECT_EQ (File {}.half (entry_count, 0xFFFF).read (), ElfError::damaged);
    EXPECT_EQ (File {}.half (entry_size, 56).read (), ElfError::damaged);
}

TEST (Loader, RefusesSegmentsOutsideTheFile)
{
    EXPECT_EQ (File {}.word (field (0, offset), 0xFFFFFF00).read (), ElfError::damaged);
    EXPECT_EQ (File {}.word (field (0, offset), 0x801).read (), ElfError::damaged);
    EXPECT_EQ (File {}.word (field (1, file_size), 0xFFFFFFFF)
                   .word (field (1, memory_size), 0xFFFFFFFF).read (), ElfError::damaged);
}

TEST (Loader, RefusesMoreInTheFileThanInMemory)
{
    EXPECT_EQ (File {}.word (field (1, memory_size), 0xFF).read (), ElfError::damaged);
}

TEST (Loader, RefusesSegmentsOutsideTheImageArea)
{
    for (Word const begin : { 0x0u, 0xF000u, 0xFFFFu, 0x200000u, 0xC0000000u, 0xFFFFF000u })
        EXPECT_EQ (File {}.word (field (1, address), begin).read (), ElfError::outside_layout)
            << begin;
    EXPECT_EQ (File {}.word (field (1, memory_size), 0x1EE001).read (), ElfError::outside_layout);
    EXPECT_EQ (File {}.word (field (1, memory_size), 0xFFFFFFFF).read (),
               ElfError::outside_layout);
}

TEST (Loader, TheImageAreaMayBeFullToTheLastByte)
{
    EXPECT_EQ (File {}.word (field (1, memory_size), 0x1EE000).read (), ElfError::none);
}

TEST (Loader, RefusesSegmentsThatShareAPageOrAreOutOfOrder)
{
    EXPECT_EQ (File {}.word (field (1, address), 0x10900).read (), ElfError::overlap);
    EXPECT_EQ (File {}.word (field (0, address), 0x15000).word (entry, 0x15000).read (),
               ElfError::overlap);
    EXPECT_EQ (File {}.word (field (1, address), 0x11000).read (), ElfError::none);
}

TEST (Loader, RefusesAnEntryOutsideTheCode)
{
    EXPECT_EQ (File {}.word (entry, 0x0).read (), ElfError::outside_layout);
    EXPECT_EQ (File {}.word (entry, 0x10900).read (), ElfError::outside_layout);
    EXPECT_EQ (File {}.word (entry, 0x12000).read (), ElfError::outside_layout);
    EXPECT_EQ (File {}.word (entry, 0x108FF).read (), ElfError::none);
}

TEST (Loader, RefusesMoreSegmentsThanItCanHold)
{
    File file;
    file.half (entry_count, 9);
    for (Word n = 0; n < 9; ++n)
        file.segment (n, 0x400, 0x10000 + n * 0x1000, 0x10, 0x20, 5);
    EXPECT_EQ (file.read (), ElfError::damaged);
    EXPECT_EQ (file.half (entry_count, 8).read (), ElfError::none);
}

TEST (Loader, SkipsEmptyAndForeignSegments)
{
    File file;
    file.half (entry_count, 4).segment (2, 0, 0, 0, 0, 0).segment (3, 0, 0, 0, 0, 7);
    file.word (field (3, segment_type), 0x6474E551);
    ASSERT_EQ (file.read (), ElfError::none);
    EXPECT_EQ (file.executable.used ().size (), 2u);
}

TEST (Loader, RandomDamageNeverReachesOutsideFileOrLayout)
{
    constexpr unsigned seed = 20080115;
    std::mt19937 random { seed };
    for (int round = 0; round < 20000; ++round) {
        File file;
        for (int n = 0; n < 3; ++n)
            file.bytes ()[random () % 116] = static_cast<std::byte> (random ());
        if (file.read () != ElfError::none)
            continue;
        for (auto const& segment : file.executable.used ()) {
            ASSERT_LE (segment.file_size, segment.memory_size) << "round " << round;
            ASSERT_LE (std::uint64_t { segment.file_offset } + segment.file_size, 0x1000u);
            ASSERT_GE (segment.begin, rt::layout::image_begin);
            ASSERT_LE (std::uint64_t { segment.begin } + segment.memory_size,
                       rt::layout::image_end);
        }
    }
}

}  // namespace
