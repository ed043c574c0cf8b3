// SPDX-License-Identifier: BSD-2-Clause
/// @file  The root task's frames, the spaces of its programs, and its task numbers.
#include <cstring>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include <root/modules.hpp>
#include <root/program_space.hpp>
#include <root/task_numbers.hpp>

namespace {

using l4::Access;
using l4::Address;
using l4::Fpage;
using l4::Word;
using root::FaultKind;
using root::Frames;
using root::ProgramSpace;

constexpr std::size_t pool_frames = 32;
alignas (4096) std::byte pool[pool_frames][4096];
std::size_t pool_used;
std::size_t pool_limit;

Address from_pool ()
{
    if (pool_used == pool_limit)
        return 0;
    std::memset (pool[pool_used], 0xAA, sizeof pool[0]);
    return reinterpret_cast<Address> (pool[pool_used++]);
}

class Space : public testing::Test {
protected:
    Space ()
    {
        pool_used = 0;
        pool_limit = pool_frames;
    }

    void create (Word limit = pool_frames) { ASSERT_TRUE (space.create (limit, frames)); }

    Frames frames { from_pool };
    ProgramSpace space;
};

using FramesTest = Space;

TEST_F (FramesTest, AFrameIsFullOfZerosAlsoWhenItWasUsedBefore)
{
    Address const first = frames.allocate ();
    auto* const words = reinterpret_cast<Word*> (first);
    EXPECT_EQ (words[0] | words[511] | words[1023], 0u);
    std::memset (words, 0x55, 4096);
    frames.free (first);
    EXPECT_EQ (frames.free_count (), 1u);
    EXPECT_EQ (frames.allocate (), first);
    EXPECT_EQ (words[0] | words[1] | words[1023], 0u);
    EXPECT_EQ (frames.free_count (), 0u);
}

TEST_F (FramesTest, TheSourceIsAskedOnlyWhenNothingCameBack)
{
    Address const first = frames.allocate ();
    Address const second = frames.allocate ();
    EXPECT_NE (first, second);
    frames.free (first);
    frames.free (second);
    EXPECT_EQ (frames.allocate (), second);
    EXPECT_EQ (frames.allocate (), first);
    EXPECT_EQ (pool_used, 2u);
}

TEST_F (FramesTest, NoMemoryIsReported)
{
    pool_limit = 0;
    EXPECT_EQ (frames.allocate (), 0u);
    EXPECT_FALSE (space.create (pool_frames, frames));
}

TEST_F (Space, StackAndAnonymousPagesComeOnDemandFullOfZeros)
{
    create ();
    for (Address const address : { 0x003FFFFCu, 0x003F0000u, 0x00200000u, 0x0037FFFCu }) {
        auto const answer = space.resolve (address, true, frames);
        ASSERT_EQ (answer.kind, FaultKind::mapped) << address;
        EXPECT_EQ (answer.page, address & ~0xFFFu);
        EXPECT_TRUE (answer.fpage.writable ());
        EXPECT_EQ (answer.fpage.log2_size (), 12u);
        EXPECT_EQ (reinterpret_cast<Word*> (answer.fpage.base ())[7], 0u);
    }
}

TEST_F (Space, TheSamePageKeepsItsFrame)
{
    create ();
    auto const first = space.resolve (0x200000, false, frames);
    auto const second = space.resolve (0x200FFC, true, frames);
    EXPECT_EQ (first.fpage, second.fpage);
}

TEST_F (Space, EverythingElseIsNotItsMemory)
{
    create ();
    for (Address const address : { 0x0u, 0xE000u, 0xF000u, 0x10000u, 0x1FFFFCu, 0x380000u,
                                   0x3EFFFCu, 0x400000u, 0xB8000u, 0xBFFFFFFCu, 0xFFFFFFFCu })
        EXPECT_EQ (space.resolve (address, false, frames).kind, FaultKind::not_its_memory)
            << address;
}

TEST_F (Space, WhatIsUsedIsCountedAndLimited)
{
    create (3);
    EXPECT_EQ (space.used (), 1u);
    EXPECT_EQ (space.resolve (0x200000, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.resolve (0x201000, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.used (), 3u);
    EXPECT_EQ (space.resolve (0x202000, true, frames).kind, FaultKind::limit);
    EXPECT_EQ (space.resolve (0x201000, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.used (), 3u);
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), 3u);
    EXPECT_EQ (space.used (), 0u);
}

TEST_F (Space, MemoryAboveFourMegabytesIsThereOnceItIsReserved)
{
    create ();
    EXPECT_EQ (space.resolve (0x00800000, true, frames).kind, FaultKind::not_its_memory);
    EXPECT_TRUE (space.reserve (0x007FF000, 0x00802000));
    EXPECT_EQ (space.resolve (0x007FF000, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.resolve (0x00801FFC, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.resolve (0x00802000, true, frames).kind, FaultKind::not_its_memory);
    EXPECT_EQ (space.used (), 1u + 2 + 2);
    EXPECT_NE (space.physical (0x00801000), space.physical (0x007FF000));
    EXPECT_EQ (space.physical (0x00800000), 0u);
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), 5u);
}

TEST_F (Space, RegionsAreWholePagesAboveFourMegabytesAndApart)
{
    create ();
    EXPECT_FALSE (space.reserve (0x003FF000, 0x00500000));
    EXPECT_FALSE (space.reserve (0x00500800, 0x00600000));
    EXPECT_FALSE (space.reserve (0x00500000, 0x00500000));
    EXPECT_FALSE (space.reserve (0xBFF00000, 0xC0001000));
    EXPECT_TRUE (space.reserve (0x00500000, 0x00600000));
    EXPECT_FALSE (space.reserve (0x005FF000, 0x00700000));
    EXPECT_TRUE (space.reserve (0x00600000, 0x00700000));
    for (Word i = 2; i < ProgramSpace::most_regions; ++i)
        EXPECT_TRUE (space.reserve (0x01000000 * i, 0x01000000 * i + 0x1000));
    EXPECT_FALSE (space.reserve (0x20000000, 0x20001000));
}

TEST_F (Space, WritingToReadOnlyPagesIsRefused)
{
    create ();
    EXPECT_NE (space.frame_at (0x10000, Access::read_only, frames), 0u);
    EXPECT_EQ (space.resolve (0x10010, true, frames).kind, FaultKind::read_only);
    auto const answer = space.resolve (0x10010, false, frames);
    EXPECT_EQ (answer.kind, FaultKind::mapped);
    EXPECT_FALSE (answer.fpage.writable ());
}

TEST_F (Space, WithoutMemoryADemandPageIsRefused)
{
    create ();
    pool_limit = pool_used;
    EXPECT_EQ (space.resolve (0x200000, true, frames).kind, FaultKind::no_memory);
    EXPECT_EQ (space.resolve (0x0, true, frames).kind, FaultKind::not_its_memory);
}

/// A file of 0x3000 bytes, byte i being i mod 251.
std::vector<std::byte> make_file ()
{
    std::vector<std::byte> file (0x3000);
    for (std::size_t i = 0; i < file.size (); ++i)
        file[i] = static_cast<std::byte> (i % 251);
    return file;
}

std::byte byte_at (ProgramSpace& space, Frames& frames, Address address)
{
    auto const answer = space.resolve (address, false, frames);
    EXPECT_EQ (answer.kind, FaultKind::mapped) << address;
    return reinterpret_cast<std::byte const*> (answer.fpage.base ())[address & 0xFFF];
}

TEST_F (Space, LoadsSegmentsByteForByteAndClearsTheRest)
{
    create ();
    auto const file = make_file ();
    root::Executable executable;
    executable.segment_count = 2;
    executable.segments[0] = { 0x10123, 0x1900, 0x211, 0x1900, Access::read_only };
    executable.segments[1] = { 0x13000, 0x2800, 0x1FFF, 0x1001, Access::read_write };
    ASSERT_TRUE (space.load (file, executable, frames));
    EXPECT_EQ (byte_at (space, frames, 0x10122), std::byte { 0 });
    for (Word i = 0; i < 0x1900; ++i)
        ASSERT_EQ (byte_at (space, frames, 0x10123 + i), file[0x211 + i]) << i;
    EXPECT_EQ (byte_at (space, frames, 0x10123 + 0x1900), std::byte { 0 });
    for (Word i = 0; i < 0x2800; ++i)
        ASSERT_EQ (byte_at (space, frames, 0x13000 + i),
                   i < 0x1001 ? file[0x1FFF + i] : std::byte { 0 })
            << i;
    EXPECT_EQ (space.resolve (0x10000, true, frames).kind, FaultKind::read_only);
    EXPECT_EQ (space.resolve (0x15000, true, frames).kind, FaultKind::mapped);
    EXPECT_EQ (space.resolve (0x16000, true, frames).kind, FaultKind::not_its_memory);
}

TEST_F (Space, AFailedLoadGivesEverythingBack)
{
    pool_limit = 4;
    create ();
    auto const file = make_file ();
    root::Executable executable;
    executable.segment_count = 1;
    executable.segments[0] = { 0x10000, 0x5000, 0, 0x3000, Access::read_only };
    EXPECT_FALSE (space.load (file, executable, frames));
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), 4u);
}

TEST_F (Space, AnAbandonedSpaceKeepsItsFrames)
{
    create ();
    EXPECT_EQ (space.resolve (0x200000, true, frames).kind, FaultKind::mapped);
    space.abandon ();
    space.destroy (frames);
    EXPECT_EQ (frames.free_count (), 0u);
}

TEST (TaskNumbers, GroupsAreDisjointAndInRange)
{
    root::TaskNumbers numbers;
    std::set<Word> seen;
    Word size = 1;
    for (auto group = numbers.allocate (size); group.first != 0; group = numbers.allocate (size)) {
        ASSERT_EQ (group.count, size);
        EXPECT_GE (group.first, l4::first_free_task);
        EXPECT_LE (group.first + group.count, l4::ThreadId::tasks);
        for (Word n = 0; n < group.count; ++n)
            EXPECT_TRUE (seen.insert (group.first + n).second);
        size = size % 17 + 1;
    }
    EXPECT_GT (seen.size (), 2000u);
    EXPECT_EQ (numbers.allocate (100).first, 0u);
}

TEST (TaskNumbers, TheLowestFreeGroupComesBackWithTheNextVersion)
{
    root::TaskNumbers numbers;
    auto const first = numbers.allocate (9);
    auto const second = numbers.allocate (9);
    EXPECT_EQ (first.version, 0u);
    EXPECT_EQ (second.first, first.first + 9);
    numbers.release (first);
    EXPECT_EQ (numbers.allocate (10).first, second.first + 9);
    auto const again = numbers.allocate (9);
    EXPECT_EQ (again.first, first.first);
    EXPECT_EQ (again.version, 1u);
}

TEST (TaskNumbers, TheVersionWrapsAroundAtItsFourteenBits)
{
    root::TaskNumbers numbers;
    for (Word i = 0; i < 0x4000; ++i)
        numbers.release (numbers.allocate (3));
    EXPECT_EQ (numbers.allocate (3).version, 0u);
}

TEST (Modules, ProgramsAreFoundByTheNameBehindThePath)
{
    char const* const strings[] = { "console", "sigma0", "root", "/boot/console -x", "bench" };
    l4::multiboot::Module modules[5] {};
    for (int i = 0; i < 5; ++i)
        modules[i].string = reinterpret_cast<Address> (strings[i]);
    EXPECT_EQ (root::find_program (modules, "console"), &modules[3]);
    EXPECT_EQ (root::find_program (modules, "bench"), &modules[4]);
    EXPECT_EQ (root::find_program (modules, "sigma0"), nullptr);
    EXPECT_EQ (root::find_program (modules, "benc"), nullptr);
    EXPECT_EQ (root::find_program ({ modules, 2 }, "console"), nullptr);
}

TEST (Modules, CommandLinesAreSplitAtBlanks)
{
    auto const command = root::split_command_line ("  bench \t ipc  --batches 3 ");
    EXPECT_EQ (command.name, "bench");
    EXPECT_EQ (command.arguments, "ipc  --batches 3");
    EXPECT_EQ (root::split_command_line ("   ").name, "");
    EXPECT_EQ (root::split_command_line ("").name, "");
}

}  // namespace
