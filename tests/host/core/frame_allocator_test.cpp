// SPDX-License-Identifier: BSD-2-Clause
#include <core/frame_allocator.hpp>

#include "memory_pool.hpp"

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <type_traits>
#include <vector>

namespace {

using kernel::FrameAllocator;
using kernel::Quota;

static_assert (std::is_trivially_destructible_v<FrameAllocator>);

/// 8 frames, of which one holds the descriptors.
struct FrameAllocatorTest : testing::Test {
    MemoryPool pool { 8 };
    FrameAllocator& frames { pool.allocator };
    Quota quota { Quota::unlimited };

    void TearDown () override { EXPECT_TRUE (frames.consistent ()); }
};

TEST_F (FrameAllocatorTest, AFrameHasNoCompanionAtFirst)
{
    auto* const frame = static_cast<char*> (frames.allocate (quota));
    EXPECT_EQ (frames.companion (frame), nullptr);
    frames.companion (frame) = &quota;
    EXPECT_EQ (frames.companion (frame + 4095), &quota);
    frames.free (frame);
    ASSERT_EQ (frames.allocate (quota), frame);
    EXPECT_EQ (frames.companion (frame), nullptr);
    frames.free (frame);
}

/// Take steps until `count` zeroed frames are ready. @return how many were needed
unsigned prepare (FrameAllocator& frames, l4::Word count)
{
    unsigned steps = 0;
    while (!frames.prepare_zeroed (count))
        ++steps;
    return steps;
}

bool is_zero (void const* frame)
{
    auto const* const byte = static_cast<char const*> (frame);
    return byte[0] == 0 && std::memcmp (byte, byte + 1, l4::page_size - 1) == 0;
}

TEST_F (FrameAllocatorTest, AFrameIsZeroedInStepsOrAtOnce)
{
    std::vector<void*> taken;
    for (unsigned i = 0; i < 7; ++i) {
        taken.push_back (frames.allocate (quota));
        std::memset (taken.back (), 0xEE, l4::page_size);
    }
    for (void* const frame : taken)
        frames.free (frame);
    EXPECT_FALSE (frames.has_zeroed (1));
    EXPECT_EQ (prepare (frames, 2), 8u);
    EXPECT_TRUE (frames.has_zeroed (2));
    EXPECT_EQ (frames.free_frames (), 7u);
    taken.clear ();
    for (unsigned i = 0; i < 3; ++i) {
        taken.push_back (frames.allocate_zeroed (quota));
        EXPECT_TRUE (is_zero (taken.back ())) << i;
        EXPECT_TRUE (frames.consistent ());
    }
    for (void* const frame : taken)
        frames.free (frame);
}

TEST_F (FrameAllocatorTest, ZeroedFramesAndTheOneInWorkAreFreeForEverybody)
{
    EXPECT_EQ (prepare (frames, 3), 12u);
    EXPECT_FALSE (frames.prepare_zeroed (4));       // begins a fourth
    EXPECT_TRUE (frames.consistent ());
    std::set<void*> taken;
    for (unsigned i = 0; i < 7; ++i) {
        taken.insert (frames.allocate (quota));
        EXPECT_TRUE (frames.consistent ());
    }
    EXPECT_EQ (taken.count (nullptr), 0u);
    EXPECT_EQ (taken.size (), 7u);
    EXPECT_EQ (frames.allocate (quota), nullptr);
    EXPECT_TRUE (frames.has_zeroed (1));            // no others are free
    for (void* const frame : taken)
        frames.free (frame);
}

}  // namespace

TEST (QuotaTest, GrantsUpToItsLimit)
{
    Quota quota { 100 };
    EXPECT_TRUE (quota.charge (60));
    EXPECT_FALSE (quota.charge (41));
    EXPECT_TRUE (quota.charge (40));
    EXPECT_EQ (quota.used (), 100u);
    EXPECT_FALSE (quota.charge (1));
    quota.release (10);
    EXPECT_TRUE (quota.charge (10));
}

TEST (QuotaTest, ALoweredLimitTakesNothingBack)
{
    Quota quota { 100 };
    EXPECT_TRUE (quota.charge (80));
    quota.set_limit (50);
    EXPECT_EQ (quota.used (), 80u);
    EXPECT_FALSE (quota.charge (1));
    quota.release (40);
    EXPECT_TRUE (quota.charge (10));
}

TEST (QuotaTest, CannotBeOverflowed)
{
    Quota quota { Quota::unlimited };
    EXPECT_TRUE (quota.charge (0xFFFFFFF0));
    EXPECT_FALSE (quota.charge (0x20));
    EXPECT_THROW (quota.release (0xFFFFFFF1), AssertionFailed);
}

TEST (FrameAllocatorEmpty, APoolWithoutMemoryGivesNothing)
{
    FrameAllocator frames;
    Quota quota { Quota::unlimited };
    EXPECT_EQ (frames.allocate (quota), nullptr);
    frames.initialise (0x1000, 0x1FFF, 0);
    EXPECT_EQ (frames.allocate (quota), nullptr);
    EXPECT_EQ (quota.used (), 0u);
    EXPECT_TRUE (frames.consistent ());
}

TEST_F (FrameAllocatorTest, TheDescriptorsCostOneFrameInAThousand)
{
    EXPECT_EQ (frames.total_frames (), 7u);
    EXPECT_EQ (frames.free_frames (), 7u);
    EXPECT_EQ (MemoryPool { 1024 }.allocator.total_frames (), 1022u);
    EXPECT_EQ (MemoryPool { 1025 }.allocator.total_frames (), 1022u);
}

TEST_F (FrameAllocatorTest, FramesAreAlignedDistinctAndUsable)
{
    std::set<void*> seen;
    while (void* const frame = frames.allocate (quota)) {
        EXPECT_EQ (reinterpret_cast<l4::Address> (frame) % l4::page_size, 0u);
        EXPECT_TRUE (seen.insert (frame).second);
        std::memset (frame, 0xEE, l4::page_size);
    }
    EXPECT_EQ (seen.size (), 7u);
    EXPECT_EQ (frames.free_frames (), 0u);
}

TEST_F (FrameAllocatorTest, ExhaustionGivesNullAndChargesNothing)
{
    while (frames.allocate (quota) != nullptr) {}
    EXPECT_EQ (quota.used (), 7 * l4::page_size);
    EXPECT_EQ (frames.allocate (quota), nullptr);
    EXPECT_EQ (quota.used (), 7 * l4::page_size);
}

TEST_F (FrameAllocatorTest, ALimitStopsOneAccountButNotAnother)
{
    Quota poor { 2 * l4::page_size };
    EXPECT_NE (frames.allocate (poor), nullptr);
    EXPECT_NE (frames.allocate (poor), nullptr);
    EXPECT_EQ (frames.allocate (poor), nullptr);
    EXPECT_NE (frames.allocate (quota), nullptr);
}

TEST_F (FrameAllocatorTest, AFreedFrameRelievesItsOwner)
{
    Quota other { Quota::unlimited };
    void* const frame = frames.allocate (quota);
    EXPECT_NE (frames.allocate (other), nullptr);
    frames.free (frame);
    EXPECT_EQ (quota.used (), 0u);
    EXPECT_EQ (other.used (), l4::page_size);
    EXPECT_EQ (frames.allocate (quota), frame);
}

TEST_F (FrameAllocatorTest, TheOwnerIsFoundFromAnyAddressInAFrame)
{
    auto* const frame = static_cast<char*> (frames.allocate (quota));
    EXPECT_EQ (frames.owner (frame), &quota);
    EXPECT_EQ (frames.owner (frame + 4095), &quota);
    frames.free (frame);
    EXPECT_EQ (frames.owner (frame), nullptr);
}

TEST_F (FrameAllocatorTest, TranslatesThroughTheWindow)
{
    void* const frame = frames.allocate (quota);
    EXPECT_EQ (frames.physical (frame),
               reinterpret_cast<l4::Address> (frame) - MemoryPool::offset);
    EXPECT_EQ (frames.at (frames.physical (frame)), frame);
    EXPECT_TRUE (frames.contains (frame));
    int elsewhere = 0;
    EXPECT_FALSE (frames.contains (&elsewhere));
}

TEST_F (FrameAllocatorTest, MisuseIsABug)
{
    auto* const frame = static_cast<char*> (frames.allocate (quota));
    EXPECT_THROW (frames.free (frame + 4), AssertionFailed);
    int elsewhere = 0;
    EXPECT_THROW (frames.free (&elsewhere), AssertionFailed);
    frames.free (frame);
    EXPECT_THROW (frames.free (frame), AssertionFailed);
}

TEST_F (FrameAllocatorTest, BehavesLikeASetUnderRandomOperations)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<Quota> quotas (3);
    for (unsigned i = 0; i < 3; ++i)
        quotas[i].set_limit ((i + 2) * l4::page_size);
    std::map<void*, unsigned> model;
    auto const frames_of = [&] (unsigned who) {
        l4::Word n = 0;
        for (auto const& [frame, owner] : model)
            n += owner == who ? 1 : 0;
        return n;
    };
    for (int step = 0; step < 5000; ++step) {
        if (random.one_in (2)) {
            unsigned const who = random.below (3);
            void* const frame = frames.allocate (quotas[who]);
            bool const possible = model.size () < 7 && frames_of (who) < who + 2;
            ASSERT_EQ (frame != nullptr, possible);
            if (frame != nullptr) {
                ASSERT_TRUE (model.emplace (frame, who).second);
            }
        } else if (!model.empty ()) {
            auto const chosen = std::next (
                model.begin (), random.below (static_cast<std::uint32_t> (model.size ())));
            ASSERT_EQ (frames.owner (chosen->first), &quotas[chosen->second]);
            frames.free (chosen->first);
            model.erase (chosen);
        }
        ASSERT_TRUE (frames.consistent ());
        ASSERT_EQ (frames.free_frames (), 7 - model.size ());
        for (unsigned who = 0; who < 3; ++who)
            ASSERT_EQ (quotas[who].used (), frames_of (who) * l4::page_size);
    }
}
