// SPDX-License-Identifier: BSD-2-Clause
#include <core/slab.hpp>

#include "memory_pool.hpp"

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

namespace {

using kernel::NodeSlab;
using kernel::Quota;

struct alignas (16) Node {
    unsigned words[4];
};

struct SlabTest : testing::Test {
    MemoryPool pool { 6 };
    kernel::Slab<Node> slab { pool.allocator };
    Quota quota { Quota::unlimited };

    void TearDown () override { EXPECT_TRUE (slab.consistent () && pool.allocator.consistent ()); }

    std::vector<Node*> take (unsigned count)
    {
        std::vector<Node*> nodes;
        while (nodes.size () < count)
            nodes.push_back (static_cast<Node*> (slab.allocate (quota)));
        return nodes;
    }
};

}  // namespace

TEST_F (SlabTest, NodesAreAlignedDistinctAndUsable)
{
    std::set<Node*> seen;
    for (Node* node : take (600)) {
        ASSERT_NE (node, nullptr);
        EXPECT_EQ (reinterpret_cast<l4::Address> (node) % 16, 0u);
        EXPECT_TRUE (seen.insert (node).second);
        std::memset (node, 0xEE, sizeof *node);
    }
    for (Node* node : seen)
        EXPECT_EQ (node->words[3], 0xEEEEEEEE);
}

TEST_F (SlabTest, AFrameHolds255NodesOf16Bytes)
{
    EXPECT_EQ (slab.nodes ().nodes_per_frame (), 255u);
    take (255);
    EXPECT_EQ (slab.nodes ().used_frames (), 1u);
    take (1);
    EXPECT_EQ (slab.nodes ().used_frames (), 2u);
}

TEST_F (SlabTest, NodesAreChargedByTheByte)
{
    auto const nodes = take (3);
    EXPECT_EQ (quota.used (), 48u);
    slab.free (*nodes[1], quota);
    EXPECT_EQ (quota.used (), 32u);
}

TEST_F (SlabTest, ALimitedAccountGetsWhatItMayHave)
{
    Quota poor { 40 };
    EXPECT_NE (slab.allocate (poor), nullptr);
    EXPECT_NE (slab.allocate (poor), nullptr);
    EXPECT_EQ (slab.allocate (poor), nullptr);
    EXPECT_EQ (poor.used (), 32u);
}

TEST_F (SlabTest, ExhaustionGivesNullAndChargesNothing)
{
    take (5 * 255);
    auto const used = quota.used ();
    EXPECT_EQ (slab.allocate (quota), nullptr);
    EXPECT_EQ (quota.used (), used);
    EXPECT_EQ (slab.nodes ().used_nodes (), 5u * 255);
}

TEST_F (SlabTest, FramesGoBackWhenTheirNodesAreFree)
{
    for (Node* node : take (600))
        slab.free (*node, quota);
    EXPECT_EQ (slab.nodes ().used_frames (), 0u);
    EXPECT_EQ (pool.allocator.free_frames (), pool.allocator.total_frames ());
}

TEST_F (SlabTest, RoomInOldFramesIsUsedBeforeANewFrame)
{
    auto const nodes = take (3 * 255);
    for (unsigned i = 0; i < nodes.size (); i += 2)
        slab.free (*nodes[i], quota);
    take (3 * 255 / 2);
    EXPECT_EQ (slab.nodes ().used_frames (), 3u);
}

TEST_F (SlabTest, AFreedNodeIsOverwrittenToMakeItsUseShow)
{
    auto const nodes = take (2);
    nodes[0]->words[2] = 0x12345678;
    slab.free (*nodes[0], quota);
    EXPECT_EQ (nodes[0]->words[2], 0xDEADDEADu);
}

TEST_F (SlabTest, LargeNodesFitToo)
{
    NodeSlab blocks { pool.allocator, 512 };
    EXPECT_EQ (blocks.nodes_per_frame (), 7u);
    std::vector<void*> taken;
    for (int i = 0; i < 8; ++i) {
        taken.push_back (blocks.allocate (quota));
        std::memset (taken.back (), i, 512);
    }
    EXPECT_TRUE (blocks.consistent ());
    EXPECT_EQ (blocks.used_frames (), 2u);
    for (void* block : taken)
        blocks.free (block, quota);
    EXPECT_EQ (blocks.used_frames (), 0u);
}

TEST_F (SlabTest, BehavesLikeASetUnderRandomOperations)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    // Large nodes, so that frames fill and empty often.
    NodeSlab nodes { pool.allocator, 816 };
    std::vector<unsigned*> model;
    unsigned tag = 0;
    for (int step = 0; step < 20000; ++step) {
        bool const growing = step / 500 % 2 == 0;
        if (random.below (10) < (growing ? 7u : 3u)) {
            auto* const node = static_cast<unsigned*> (nodes.allocate (quota));
            ASSERT_EQ (node != nullptr, model.size () < 25);
            if (node != nullptr) {
                ASSERT_EQ (std::count (model.begin (), model.end (), node), 0);
                node[0] = node[203] = ++tag;
                model.push_back (node);
            }
        } else if (!model.empty ()) {
            auto& chosen = model[random.below (static_cast<std::uint32_t> (model.size ()))];
            ASSERT_EQ (chosen[0], chosen[203]);     // nobody else wrote to it
            nodes.free (chosen, quota);
            chosen = model.back ();
            model.pop_back ();
        }
        ASSERT_TRUE (nodes.consistent ());
        ASSERT_EQ (nodes.used_nodes (), model.size ());
        ASSERT_EQ (quota.used (), model.size () * 816);
    }
    for (unsigned* node : model)
        nodes.free (node, quota);
}
