// SPDX-License-Identifier: BSD-2-Clause
#include <placement.hpp>

#include <gtest/gtest.h>
#include <support/random.hpp>

#include <vector>

#include "failure_text.hpp"

using boot::Address;
using boot::Block;
using boot::MemoryMap;
using boot::Placement;
using boot::Range;

namespace {

constexpr Range boot_memory { 0x200000, 0x210000 };

/// The memory of a machine with `end` bytes.
MemoryMap memory_up_to (Address end)
{
    MemoryMap map;
    EXPECT_TRUE (map.ram.add ({ 0, 0xA0000 }) && map.ram.add ({ 0x100000, end }));
    EXPECT_TRUE (map.usable.add ({ 0x1000, 0xA0000 }) && map.usable.add ({ 0x100000, end }));
    map.from_bios = true;
    return map;
}

/// Kernel, sigma0 and root where they are linked.
void claim_usual_targets (Placement& placement)
{
    ASSERT_FALSE (placement.add_target ("kernel", { 0x100000, 0x180000 }));
    ASSERT_FALSE (placement.add_target ("sigma0", { 0x1C0000, 0x1C8000 }));
    ASSERT_FALSE (placement.add_target ("root", { 0x1D0000, 0x1E0000 }));
}

class PlacementTest : public testing::Test {
protected:
    void SetUp () override { claim_usual_targets (placement); }

    std::string place () { return text_of (placement.place_blocks (blocks)); }

    MemoryMap memory { memory_up_to (0x400000) };
    Placement placement { memory, boot_memory };
    std::vector<Block> blocks;
};

}  // namespace

TEST (Placement, TargetsMustNotOverlap)
{
    MemoryMap const memory = memory_up_to (0x400000);
    Placement placement { memory, boot_memory };
    ASSERT_FALSE (placement.add_target ("kernel", { 0x100000, 0x180000 }));
    EXPECT_EQ (text_of (placement.add_target ("root", { 0x17F000, 0x181000 })),
               "root: overlaps kernel at 0017F000-00180000");
    EXPECT_EQ (text_of (placement.add_target ("root", { 0x1F0000, 0x201000 })),
               "root: overlaps boot at 00200000-00201000");
    EXPECT_EQ (text_of (placement.add_target ("root", { 0x180000, 0x181000 })), "");
}

TEST (Placement, TargetsMustBeInOnePieceOfMemory)
{
    MemoryMap const memory = memory_up_to (0x400000);
    Placement placement { memory, boot_memory };
    EXPECT_EQ (text_of (placement.add_target ("root", { 0x3FF000, 0x401000 })),
               "root: no memory at 003FF000-00401000");
    EXPECT_EQ (text_of (placement.add_target ("root", { 0x90000, 0x110000 })),
               "root: no memory at 00090000-00110000");
    EXPECT_EQ (text_of (placement.add_target ("root", { 0, 0x1000 })),
               "root: no memory at 00000000-00001000");
}

TEST_F (PlacementTest, ABlockThatIsInNobodysWayStays)
{
    blocks = { { "bundle", { 0x210000, 0x300123 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x210000u);
}

TEST_F (PlacementTest, ABlockInTheWayMovesBehindBoot)
{
    blocks = { { "bundle", { 0x150000, 0x1D8000 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x210000u);
}

TEST_F (PlacementTest, ABlockOnNoPageBoundaryMoves)
{
    blocks = { { "bundle", { 0x210010, 0x220010 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x210000u);        // over its own old place
}

TEST_F (PlacementTest, ABlockOutsideOfUsableMemoryMoves)
{
    blocks = { { "bundle", { 0xA0000000, 0xA0000100 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x210000u);
}

TEST_F (PlacementTest, EarlierBlocksKeepTheirNewPlaces)
{
    blocks = { { "a", { 0x100000, 0x110000 }, 0 }, { "b", { 0x110000, 0x120000 }, 0 },
               { "c", { 0x220000, 0x230000 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x210000u);
    EXPECT_EQ (blocks[1].to, 0x230000u);
    EXPECT_EQ (blocks[2].to, 0x220000u);
}

TEST_F (PlacementTest, WhenNothingIsLeftBehindBootThePlacesBelowServe)
{
    blocks = { { "big", { 0x210000, 0x400000 }, 0 }, { "a", { 0x100000, 0x110000 }, 0 },
               { "b", { 0x110000, 0x160000 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[1].to, 0x180000u);
    EXPECT_EQ (blocks[2].to, 0x1000u);
}

TEST_F (PlacementTest, NoRoomIsAnError)
{
    blocks = { { "big", { 0x210000, 0x400000 }, 0 }, { "bundle", { 0x100000, 0x1F0000 }, 0 } };
    EXPECT_EQ (place (), "bundle: too little memory to move it away; it lies at 00100000-001F0000");
}

TEST_F (PlacementTest, BlocksMustNotOverlapEachOtherOrBoot)
{
    blocks = { { "a", { 0x220000, 0x230001 }, 0 }, { "b", { 0x230000, 0x240000 }, 0 } };
    EXPECT_EQ (place (), "b: overlaps a at 00230000-00230001");
    blocks = { { "a", { 0x20F000, 0x230000 }, 0 } };
    EXPECT_EQ (place (), "a: overlaps boot at 0020F000-00210000");
}

TEST_F (PlacementTest, BlocksInThreeRegionsStay)
{
    blocks = { { "a", { 0x220000, 0x221000 }, 0 }, { "b", { 0x221000, 0x221800 }, 0 },
               { "c", { 0x230000, 0x231000 }, 0 }, { "d", { 0x240000, 0x241000 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[3].to, 0x240000u);
}

TEST_F (PlacementTest, BlocksInMoreRegionsAreGathered)
{
    blocks = { { "a", { 0x210000, 0x211000 }, 0 }, { "b", { 0x240000, 0x240800 }, 0 },
               { "c", { 0x230000, 0x231000 }, 0 }, { "d", { 0x220000, 0x221001 }, 0 } };
    EXPECT_EQ (place (), "");
    EXPECT_EQ (blocks[0].to, 0x211000u);
    EXPECT_EQ (blocks[1].to, 0x212000u);
    EXPECT_EQ (blocks[2].to, 0x213000u);
    EXPECT_EQ (blocks[3].to, 0x214000u);
}

TEST_F (PlacementTest, ScatteredBlocksThatCannotBeGatheredAreAnError)
{
    blocks = { { "a", { 0x210000, 0x280000 }, 0 }, { "b", { 0x281000, 0x300000 }, 0 },
               { "c", { 0x301000, 0x380000 }, 0 }, { "d", { 0x381000, 0x400000 }, 0 } };
    EXPECT_EQ (place (), "modules: too scattered, and too little memory to gather them");
}

TEST_F (PlacementTest, InformationComesBehindTheLastBlock)
{
    blocks = { { "bundle", { 0x210000, 0x220001 }, 0 } };
    ASSERT_EQ (place (), "");
    Range information;
    EXPECT_EQ (text_of (placement.place_info (blocks, 100, information)), "");
    EXPECT_EQ (information, (Range { 0x221000, 0x222000 }));
}

TEST_F (PlacementTest, InformationGoesElsewhereWhenThatIsTaken)
{
    blocks = { { "bundle", { 0x210000, 0x400000 }, 0 } };
    ASSERT_EQ (place (), "");
    Range information;
    EXPECT_EQ (text_of (placement.place_info (blocks, 4097, information)), "");
    EXPECT_EQ (information, (Range { 0x180000, 0x182000 }));
}

/// Moves blocks in a model of memory, one byte per page, as boot does.
class MemoryModel {
public:
    void put (Block const& block, char mark)
    {
        for (Address page = block.from.begin / 4096; page * 4096 < block.from.end; ++page)
            pages_[page] = mark;
    }

    void move (Block const& block)
    {
        std::vector<char> moved;
        for (Address i = 0; i * 4096 < block.from.size (); ++i)
            moved.push_back (pages_[block.from.begin / 4096 + i]);
        for (Address i = 0; i < moved.size (); ++i)
            pages_[block.to / 4096 + i] = moved[i];
    }

    [[nodiscard]] bool holds (Block const& block, char mark) const
    {
        for (Address page = block.to / 4096; page * 4096 < block.at ().end; ++page)
            if (pages_[page] != mark)
                return false;
        return true;
    }

private:
    std::vector<char> pages_ = std::vector<char> (0x500);
};

TEST_F (PlacementTest, RandomBlocksSurviveTheMoves)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    Range const targets[] { { 0x100000, 0x180000 }, { 0x1C0000, 0x1C8000 },
                            { 0x1D0000, 0x1E0000 }, boot_memory };
    unsigned placed = 0;
    for (unsigned round = 0; round < 2000; ++round) {
        blocks.clear ();
        MemoryModel model;
        for (char mark = 1; mark <= 6; ++mark) {
            Address const begin = 0x100000 + random.below (0x2C0) * 4096;
            blocks.push_back ({ "x", { begin, begin + 1 + random.below (0x40000) }, 0 });
        }
        if (place () != "")
            continue;
        ++placed;
        for (char mark = 1; mark <= 6; ++mark)
            model.put (blocks[static_cast<unsigned> (mark) - 1], mark);
        for (Block const& b : blocks)
            model.move (b);
        for (char mark = 1; mark <= 6; ++mark) {
            Block const& b = blocks[static_cast<unsigned> (mark) - 1];
            ASSERT_TRUE (model.holds (b, mark));
            ASSERT_TRUE (memory.usable.contains (b.at ()));
            for (Range const target : targets)
                ASSERT_FALSE (target.overlaps (b.at ()));
        }
    }
    EXPECT_GT (placed, 20u);
}
