// SPDX-License-Identifier: BSD-2-Clause
#include "mapdb_mirror.hpp"

#include <support/assertion.hpp>

#include <gtest/gtest.h>

#include <deque>

using kernel::MapAction;
using kernel::MapNode;
using kernel::MappedPage;
using kernel::MapScope;
using kernel::Revocation;
using toy::World;

namespace {

static_assert (sizeof (MapNode) == 16);

constexpr unsigned sigma0 = 0, a = 1, b = 2, c = 3;

struct Mapdb : testing::Test {
    MirroredWorld both { 4, 2 };
    World& world { both.world };

    void TearDown () override { EXPECT_TRUE (both.agrees ()); }

    void map (Where from, Where to) { EXPECT_TRUE (world.map (from, to, true)); }
    void map_slot (Where from, Where to) { EXPECT_TRUE (world.map_slot (from, to, true)); }
    bool has (Where where) { return world.find (where).has_value (); }
    bool writable (Where where) { return world.find (where)->writable; }

    /// sigma0 -> a -> b -> c and a -> c, all of frame 0.
    void map_family ()
    {
        map ({ sigma0, 0 }, { a, 0 });
        map ({ a, 0 }, { b, 0 });
        map ({ b, 0 }, { c, 0 });
        map ({ a, 0 }, { c, 1 });
    }
};

/// For tests without a model: revocations that are suspended.
struct MapdbSteps : testing::Test {
    toy::Observer nobody;
    World world { nobody, 3, 5000, 4096 };

    void TearDown () override { EXPECT_TRUE (world.consistent ()); }

    void start (Revocation& r, Where where, MapScope scope = MapScope::below)
    {
        EXPECT_TRUE (world.database.start (r, world.target (where, false).page,
                                           MapAction::remove, scope));
    }
    void steps (Revocation& r, unsigned count)
    {
        for (unsigned n = 0; n < count; ++n)
            world.database.run (r, 1);
    }
    unsigned steps_to_finish (Revocation& r)
    {
        unsigned steps = 1;
        while (!world.database.run (r, 1))
            ++steps;
        return steps;
    }
    bool has (Where where) { return world.find (where).has_value (); }
};

}  // namespace

TEST_F (Mapdb, UnmappingBelowTakesThePageFromAllDescendants)
{
    map_family ();
    world.unmap ({ a, 0 }, MapAction::remove, MapScope::below);
    EXPECT_TRUE (has ({ a, 0 }));
    EXPECT_FALSE (has ({ b, 0 }) || has ({ c, 0 }) || has ({ c, 1 }));
}

TEST_F (Mapdb, UnmappingInOnesOwnSpaceTakesItThereToo)
{
    map_family ();
    world.unmap ({ b, 0 }, MapAction::remove, MapScope::self_too);
    EXPECT_FALSE (has ({ b, 0 }) || has ({ c, 0 }));
    EXPECT_TRUE (has ({ a, 0 }) && has ({ c, 1 }));
}

TEST_F (Mapdb, ReadOnlySpreadsDownwardsOnly)
{
    map_family ();
    world.unmap ({ b, 0 }, MapAction::make_read_only, MapScope::self_too);
    EXPECT_FALSE (writable ({ b, 0 }) || writable ({ c, 0 }));
    EXPECT_TRUE (writable ({ a, 0 }) && writable ({ c, 1 }));
}

TEST_F (Mapdb, AGrantedPageKeepsItsPlaceInTheTree)
{
    map_family ();
    EXPECT_TRUE (world.grant ({ b, 0 }, { 4, 0 }, true));
    EXPECT_FALSE (has ({ b, 0 }));
    world.unmap ({ 4, 0 }, MapAction::remove, MapScope::below);
    EXPECT_FALSE (has ({ c, 0 }));
    world.unmap ({ a, 0 }, MapAction::remove, MapScope::below);
    EXPECT_FALSE (has ({ 4, 0 }));
}

TEST_F (Mapdb, APageIsNotMappedOverItsAncestor)
{
    map_family ();
    map ({ c, 0 }, { a, 0 });
    EXPECT_TRUE (has ({ c, 0 }) && has ({ b, 0 }));
}

TEST_F (Mapdb, TheRegionGoesWithItsLastPage)
{
    map_family ();
    EXPECT_NE (world.database.find_region (0), nullptr);
    EXPECT_EQ (world.database.find_region (1), nullptr);
    world.unmap ({ sigma0, 0 }, MapAction::remove, MapScope::below);
    EXPECT_EQ (world.database.find_region (0), nullptr);
    EXPECT_EQ (world.pool.allocator.free_frames (), world.pool.allocator.total_frames ());
}

TEST_F (Mapdb, NodesAreChargedToTheSpaceThatReceives)
{
    map_family ();
    EXPECT_EQ (world.spaces[a].quota.used (), 16u);
    EXPECT_EQ (world.spaces[c].quota.used (), 32u);
    EXPECT_TRUE (world.grant ({ b, 0 }, { 4, 0 }, true));
    EXPECT_EQ (world.spaces[b].quota.used (), 0u);
    EXPECT_EQ (world.spaces[4].quota.used (), 16u);
}

TEST_F (Mapdb, ASpaceThatMayNotHaveMoreGetsNothing)
{
    map ({ sigma0, 0 }, { a, 0 });
    world.spaces[b].quota.set_limit (16);
    map ({ a, 0 }, { b, 0 });
    EXPECT_FALSE (world.map ({ a, 0 }, { b, 1 }, true));
    EXPECT_FALSE (world.map_slot ({ sigma0, 0 }, { b, 4 }, true));
    EXPECT_FALSE (world.grant ({ a, 0 }, { b, 1 }, true));
    EXPECT_TRUE (has ({ a, 0 }) && has ({ b, 0 }));
}

TEST_F (Mapdb, ASuperIsOneNodeForAllItsPages)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map_slot ({ a, 0 }, { b, 4 });
    for (unsigned page = 0; page < toy::parts; ++page)
        EXPECT_EQ (world.find ({ b, 4 + page })->frame, page);
    EXPECT_TRUE (world.is_in_super ({ b, 4 }));
    EXPECT_FALSE (world.spaces[b].slots[1].split);
}

TEST_F (Mapdb, PagesMappedOutOfASuperLeaveItWhole)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map ({ a, 2 }, { b, 0 });
    map ({ b, 0 }, { c, 0 });
    EXPECT_FALSE (world.spaces[a].slots[0].split);
    EXPECT_EQ (world.find ({ c, 0 })->frame, 2u);
}

TEST_F (Mapdb, UnmappingPartOfASuperTouchesWhatCameFromThatPartOnly)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map_slot ({ a, 0 }, { b, 0 });
    map ({ a, 2 }, { c, 2 });
    map ({ b, 2 }, { c, 6 });
    map ({ b, 3 }, { c, 3 });
    world.unmap ({ a, 2 }, MapAction::remove, MapScope::below);
    EXPECT_TRUE (has ({ a, 2 }) && has ({ b, 3 }) && has ({ c, 3 }));
    EXPECT_FALSE (has ({ b, 2 }) || has ({ c, 2 }) || has ({ c, 6 }));
}

TEST_F (Mapdb, ASuperGoesWithItsLastPart)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    for (unsigned page = 0; page < toy::parts; ++page)
        world.unmap ({ a, page }, MapAction::remove, MapScope::self_too);
    EXPECT_EQ (world.spaces[a].quota.used (), 0u);
    EXPECT_EQ (world.pool.allocator.free_frames (), world.pool.allocator.total_frames ());
}

TEST_F (Mapdb, AWholeSuperWithAHoleIsUnmapped)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map_slot ({ a, 0 }, { b, 0 });
    map ({ b, 1 }, { c, 1 });
    world.unmap ({ b, 3 }, MapAction::remove, MapScope::self_too);
    world.unmap_slot ({ a, 0 }, MapAction::remove, MapScope::below);
    EXPECT_TRUE (has ({ a, 1 }));
    EXPECT_FALSE (has ({ b, 0 }) || has ({ b, 1 }) || has ({ c, 1 }));
}

TEST_F (Mapdb, PartOfASuperCanBeGranted)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map_slot ({ a, 0 }, { b, 0 });
    map ({ b, 1 }, { c, 5 });
    EXPECT_TRUE (world.grant ({ b, 1 }, { c, 1 }, true));
    EXPECT_FALSE (has ({ b, 1 }) || has ({ c, 5 }));
    EXPECT_TRUE (has ({ b, 0 }) && has ({ c, 1 }));
    world.unmap ({ a, 1 }, MapAction::remove, MapScope::below);
    EXPECT_FALSE (has ({ c, 1 }));
    EXPECT_TRUE (has ({ b, 0 }));
}

TEST_F (Mapdb, AWholeSuperCanBeGranted)
{
    map_slot ({ sigma0, 0 }, { a, 0 });
    map ({ a, 1 }, { c, 1 });
    EXPECT_TRUE (world.grant_slot ({ a, 0 }, { b, 4 }, true));
    EXPECT_FALSE (has ({ a, 0 }));
    world.unmap ({ b, 5 }, MapAction::remove, MapScope::below);
    EXPECT_FALSE (has ({ c, 1 }));
    EXPECT_TRUE (has ({ b, 5 }));
}

TEST_F (Mapdb, MisuseIsABug)
{
    map_family ();
    Revocation revocation;
    auto const page = world.target ({ a, 0 }, false).page;
    EXPECT_TRUE (world.database.start (revocation, page, MapAction::remove, MapScope::below));
    EXPECT_THROW ((void) world.database.start (revocation, page, MapAction::remove,
                                               MapScope::below),
                  AssertionFailed);
    while (!world.database.run (revocation, 1)) {}
    both.mirror.model.unmap ({ a, 0 }, false);
}

TEST_F (MapdbSteps, AWideFanOutGoesThreePagesPerStep)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    for (unsigned page = 0; page < 2000; ++page)
        world.map ({ a, 0 }, { b, page }, true);
    Revocation revocation;
    start (revocation, { a, 0 });
    EXPECT_EQ (steps_to_finish (revocation), 2000 / 3 + 1 + 2u);
    EXPECT_FALSE (has ({ b, 0 }) || has ({ b, 1999 }));
}

TEST_F (MapdbSteps, ADeepChainTakesTwoStepsPerPage)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { b, 0 }, true);
    for (unsigned page = 0; page < 4000; ++page)
        world.map ({ b, page }, { b, page + 1 }, true);
    Revocation revocation;
    start (revocation, { a, 0 });
    EXPECT_EQ (steps_to_finish (revocation), 2 * 4000 + 1 + 2u);     // the last is a leaf
    EXPECT_FALSE (has ({ b, 0 }) || has ({ b, 4000 }));
}

TEST_F (MapdbSteps, WhatIsRemovedAtOnceTakesTwoStepsPerPage)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    for (unsigned page = 0; page < 5; ++page)
        world.map ({ a, 0 }, { b, page }, true);
    world.map ({ b, 2 }, { c, 0 }, true);
    kernel::MapNode& node = *world.target ({ a, 0 }, false).page.node;
    EXPECT_EQ (world.database.remove_below (node, 4), 0u);
    EXPECT_FALSE (has ({ b, 3 }) || has ({ b, 4 }));        // the newest first
    EXPECT_TRUE (has ({ b, 2 }));
    EXPECT_TRUE (world.consistent ());
    EXPECT_EQ (world.database.remove_below (node, 10), 2u);
    EXPECT_FALSE (has ({ b, 0 }) || has ({ c, 0 }));
    EXPECT_TRUE (has ({ a, 0 }));
    world.database.remove_leaf (node);
    EXPECT_FALSE (has ({ a, 0 }));
    EXPECT_EQ (world.database.find_region (0), nullptr);    // nothing is mapped from there
    EXPECT_TRUE (world.consistent ());
}

TEST_F (MapdbSteps, NothingCanBeMappedFromAPageThatIsBeingTaken)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { b, 0 }, true);
    world.map ({ b, 0 }, { c, 0 }, true);
    Revocation revocation;
    start (revocation, { a, 0 });
    steps (revocation, 1);
    EXPECT_FALSE (has ({ b, 0 }));      // its node is still there for the sake of c's
    EXPECT_TRUE (has ({ c, 0 }));
    steps_to_finish (revocation);
    EXPECT_FALSE (has ({ c, 0 }));
}

TEST_F (MapdbSteps, ASuspendedRevocationGoesOnWhenItsPlaceIsGone)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { b, 0 }, true);
    for (unsigned page = 0; page < 10; ++page)
        world.map ({ b, 0 }, { c, page }, true);
    Revocation inner;
    start (inner, { b, 0 });
    steps (inner, 3);
    world.unmap ({ a, 0 }, MapAction::remove, MapScope::below);     // takes all of it away
    steps_to_finish (inner);
    EXPECT_TRUE (has ({ a, 0 }));
    EXPECT_TRUE (world.database.is_idle ());
}

TEST_F (MapdbSteps, AGrantEndsTheOldOwnersRevocationAfterTheBranchBegun)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { c, 0 }, true);       // visited last
    world.map ({ a, 0 }, { b, 0 }, true);       // visited first
    world.map ({ b, 0 }, { b, 1 }, true);
    Revocation revocation;
    start (revocation, { a, 0 });
    steps (revocation, 1);         // has begun with b.0
    world.grant ({ a, 0 }, { a, 1 }, true);
    steps_to_finish (revocation);
    EXPECT_FALSE (has ({ b, 0 }) || has ({ b, 1 }));
    EXPECT_TRUE (has ({ a, 1 }) && has ({ c, 0 }));
}

TEST_F (MapdbSteps, ABranchThatSomebodyElseFinishedIsForgotten)
{
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { b, 0 }, true);
    Revocation first, second;
    start (first, { a, 0 });
    steps (first, 1);              // has begun with b.0
    start (second, { a, 0 });
    steps_to_finish (second);
    world.grant ({ a, 0 }, { a, 1 }, true);
    EXPECT_LE (steps_to_finish (first), 2u);
    EXPECT_TRUE (has ({ a, 1 }));
}

TEST_F (MapdbSteps, AGrantOfAWholeSuperEndsTheRevocationOfOneOfItsParts)
{
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 1 }, { c, 1 }, true);       // visited last
    world.map ({ a, 1 }, { b, 1 }, true);       // visited first
    world.map ({ b, 1 }, { b, 2 }, true);
    Revocation revocation;
    start (revocation, { a, 1 });
    steps (revocation, 2);         // is below the part, has begun with b.1
    EXPECT_FALSE (has ({ b, 1 }));
    world.grant_slot ({ a, 0 }, { a, 4 }, true);
    steps_to_finish (revocation);
    EXPECT_FALSE (has ({ b, 2 }));
    EXPECT_TRUE (has ({ a, 5 }) && has ({ c, 1 }));
}

TEST_F (MapdbSteps, OneStepWithASuperIsEnoughForAnybody)
{
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    world.map_slot ({ sigma0, 0 }, { b, 0 }, true);
    Revocation revocation;
    EXPECT_TRUE (world.database.start (revocation, world.target ({ sigma0, 0 }, true).page,
                                       MapAction::remove, MapScope::below));
    EXPECT_FALSE (world.database.run (revocation, 100));
    EXPECT_NE (has ({ a, 0 }), has ({ b, 0 }));
    steps_to_finish (revocation);
    EXPECT_FALSE (has ({ a, 0 }) || has ({ b, 0 }));
}

TEST_F (MapdbSteps, AGrantOfAWholeSuperEndsItsRevocation)
{
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 3 }, { c, 3 }, true);       // visited last
    world.map ({ a, 1 }, { b, 1 }, true);       // visited first
    world.map ({ b, 1 }, { b, 2 }, true);
    Revocation revocation;
    EXPECT_TRUE (world.database.start (revocation, world.target ({ a, 0 }, true).page,
                                       MapAction::remove, MapScope::below));
    steps (revocation, 3);         // parts, part 1, b.1
    EXPECT_FALSE (has ({ b, 1 }));
    world.grant_slot ({ a, 0 }, { a, 4 }, true);
    steps_to_finish (revocation);
    EXPECT_FALSE (has ({ b, 2 }));
    EXPECT_TRUE (has ({ a, 4 }) && has ({ c, 3 }));
}

TEST_F (MapdbSteps, ASuperMappedBehindTheWalkDoesNotHideWhatFollows)
{
    world.map_slot ({ sigma0, 0 }, { c, 0 }, true);     // visited last
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    world.map_slot ({ a, 0 }, { b, 0 }, true);
    Revocation revocation;
    EXPECT_TRUE (world.database.start (revocation, world.target ({ sigma0, 0 }, true).page,
                                       MapAction::make_read_only, MapScope::below));
    steps (revocation, 5);         // a.0; b.0, its parts, and back
    world.map_slot ({ b, 0 }, { b, 4 }, true);
    steps_to_finish (revocation);
    EXPECT_FALSE (world.find ({ a, 0 })->writable || world.find ({ c, 0 })->writable);
}

TEST_F (MapdbSteps, ANodeAtTheAddressOfARemovedOneIsNotTakenForIt)
{
    world.map ({ sigma0, 1 }, { c, 1 }, true);          // keeps the region
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    MapNode const* const removed = world.target ({ a, 0 }, true).page.node;
    Revocation revocation;
    EXPECT_TRUE (world.database.start (revocation, world.target ({ sigma0, 0 }, true).page,
                                       MapAction::make_read_only, MapScope::below));
    steps (revocation, 3);         // a.0 and its parts, but has not left it
    world.unmap_slot ({ a, 0 }, MapAction::remove, MapScope::self_too);
    world.map_slot ({ sigma0, 0 }, { b, 0 }, true);
    world.map ({ b, 2 }, { c, 2 }, true);
    ASSERT_EQ (world.target ({ b, 0 }, true).page.node, removed);
    steps_to_finish (revocation);
    EXPECT_FALSE (world.find ({ b, 2 })->writable || world.find ({ c, 2 })->writable);
}

TEST_F (MapdbSteps, TooManyAtOnceHaveToHelpTheOldest)
{
    std::deque<Revocation> many (World::Database::max_active);
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    for (unsigned page = 0; page < 20; ++page)
        world.map ({ a, 0 }, { b, page }, true);
    for (auto& revocation : many)
        start (revocation, { a, 0 });
    Revocation late;
    kernel::AncestorSearch search;
    MappedPage const page = world.target ({ a, 0 }, false).page;
    EXPECT_FALSE (world.database.start (late, page, MapAction::remove, MapScope::below));
    EXPECT_FALSE (world.database.start (search, *page.node, *page.node));
    while (!many.front ().is_finished ())
        world.database.help (1);
    EXPECT_TRUE (world.database.start (late, page, MapAction::remove, MapScope::below));
    while (!world.database.is_idle ())
        world.database.help (100);
    EXPECT_TRUE (late.is_finished ());
}

TEST_F (MapdbSteps, ASearchClimbsInStepsAndNoticesARemoval)
{
    using Result = kernel::AncestorSearch::Result;
    world.map ({ sigma0, 0 }, { a, 0 }, true);
    world.map ({ a, 0 }, { b, 0 }, true);
    for (unsigned page = 0; page < 100; ++page)
        world.map ({ b, page }, { b, page + 1 }, true);
    MapNode& top = *world.target ({ a, 0 }, false).page.node;
    MapNode& bottom = *world.target ({ b, 100 }, false).page.node;
    kernel::AncestorSearch search;
    EXPECT_TRUE (world.database.start (search, bottom, top));
    EXPECT_FALSE (world.database.run (search, 100));
    EXPECT_TRUE (world.database.run (search, 10));
    EXPECT_EQ (search.result, Result::found);
    EXPECT_TRUE (world.database.start (search, top, bottom));
    EXPECT_TRUE (world.database.run (search, 10));
    EXPECT_EQ (search.result, Result::not_found);
    EXPECT_TRUE (world.database.start (search, bottom, top));
    world.unmap ({ b, 100 }, MapAction::remove, MapScope::self_too);
    EXPECT_TRUE (world.database.run (search, 1));
    EXPECT_EQ (search.result, Result::gone);
}

TEST_F (MapdbSteps, ASplitBegunGoesByTheRightsThatHoldAtItsEnd)
{
    for (bool const writable : { true, false }) {
        world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
        world.map_slot ({ a, 0 }, { b, 0 }, !writable);
        Revocation revocation;
        start (revocation, { b, 1 }, MapScope::self_too);
        steps (revocation, toy::parts - 1);
        EXPECT_FALSE (world.spaces[b].slots[0].split);
        if (writable)
            world.map_slot ({ a, 0 }, { b, 0 }, true);
        else
            world.unmap_slot ({ a, 0 }, MapAction::make_read_only, MapScope::below);
        steps_to_finish (revocation);
        EXPECT_FALSE (has ({ b, 1 }));
        EXPECT_EQ (world.find ({ b, 0 })->writable, writable);
        world.unmap_slot ({ sigma0, 0 }, MapAction::remove, MapScope::below);
    }
}

TEST_F (MapdbSteps, ASplitInStepsMeetsAGrantOrTheEndOfThePage)
{
    world.map_slot ({ sigma0, 0 }, { a, 0 }, true);
    world.map_slot ({ a, 0 }, { b, 0 }, true);
    Revocation from_above;
    start (from_above, { a, 1 });
    steps (from_above, toy::parts - 1);
    world.grant_slot ({ b, 0 }, { c, 0 }, true);        // has it split where it is now
    steps_to_finish (from_above);
    EXPECT_TRUE (has ({ c, 0 }) && !has ({ c, 1 }) && !has ({ b, 0 }));

    world.map_slot ({ a, 0 }, { b, 0 }, true);
    Revocation own;
    start (own, { b, 1 }, MapScope::self_too);
    steps (own, toy::parts - 1);
    world.unmap_slot ({ a, 0 }, MapAction::remove, MapScope::below);
    steps_to_finish (own);
    EXPECT_FALSE (has ({ b, 0 }) || has ({ c, 0 }));
    EXPECT_TRUE (world.database.is_idle ());
}
