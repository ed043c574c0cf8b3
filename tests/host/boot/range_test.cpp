// SPDX-License-Identifier: BSD-2-Clause
#include <range.hpp>

#include <gtest/gtest.h>
#include <support/random.hpp>

#include <bitset>
#include <vector>

using boot::Range;
using boot::RangeSet;

namespace {

static_assert (boot::page_up (0x1001) == 0x2000 && boot::page_up (0xFFFFFFFF) == 0xFFFFF000);
static_assert (boot::pages_inside ({ 0x1001, 0x2FFF }).is_empty ());
static_assert (boot::pages_around ({ 0x1001, 0x2FFF }) == Range { 0x1000, 0x3000 });

RangeSet set_of (std::vector<Range> const& ranges)
{
    RangeSet set;
    for (Range r : ranges)
        EXPECT_TRUE (set.add (r));
    return set;
}

std::vector<Range> ranges_of (RangeSet const& set) { return { set.begin (), set.end () }; }

using Ranges = std::vector<Range>;

}  // namespace

namespace boot {
void PrintTo (Range r, std::ostream* out)
{
    *out << std::hex << r.begin << '-' << r.end;
}
}  // namespace boot

TEST (Range, OverlapNeedsACommonByte)
{
    Range const r { 0x1000, 0x2000 };
    EXPECT_TRUE (r.overlaps ({ 0x1FFF, 0x3000 }));
    EXPECT_FALSE (r.overlaps ({ 0x2000, 0x3000 }));
    EXPECT_FALSE (r.overlaps ({ 0x1800, 0x1800 }));
}

TEST (RangeSet, AddMergesWhatTouches)
{
    EXPECT_EQ (ranges_of (set_of ({ { 1, 3 }, { 5, 7 }, { 3, 5 } })), (Ranges { { 1, 7 } }));
    EXPECT_EQ (ranges_of (set_of ({ { 5, 7 }, { 1, 3 } })), (Ranges { { 1, 3 }, { 5, 7 } }));
    EXPECT_EQ (ranges_of (set_of ({ { 1, 3 }, { 5, 7 }, { 9, 11 }, { 2, 10 } })),
               (Ranges { { 1, 11 } }));
    EXPECT_EQ (ranges_of (set_of ({ { 3, 3 }, { 5, 4 } })), Ranges {});
}

TEST (RangeSet, RemoveCutsAndSplits)
{
    auto set = set_of ({ { 0x1000, 0x3000 }, { 0x5000, 0x8000 } });
    EXPECT_TRUE (set.remove ({ 0x2000, 0x2800 }));
    EXPECT_EQ (ranges_of (set),
               (Ranges { { 0x1000, 0x2000 }, { 0x2800, 0x3000 }, { 0x5000, 0x8000 } }));
    EXPECT_TRUE (set.remove ({ 0x2900, 0x6000 }));
    EXPECT_EQ (ranges_of (set),
               (Ranges { { 0x1000, 0x2000 }, { 0x2800, 0x2900 }, { 0x6000, 0x8000 } }));
    EXPECT_TRUE (set.remove ({ 0, 0xFFFFF000 }));
    EXPECT_EQ (set.size (), 0u);
}

TEST (RangeSet, AFullSetRefusesAndStaysAsItWas)
{
    RangeSet set;
    for (boot::Address i = 0; i < RangeSet::capacity; ++i)
        EXPECT_TRUE (set.add ({ i * 10 + 1, i * 10 + 5 }));
    auto const before = ranges_of (set);
    EXPECT_FALSE (set.add ({ 7000, 7001 }));
    EXPECT_FALSE (set.remove ({ 2, 3 }));
    EXPECT_EQ (ranges_of (set), before);
    EXPECT_TRUE (set.add ({ 5, 11 }));          // joining two needs no room
}

TEST (RangeSet, FitReturnsTheLowestPageBoundary)
{
    auto const set = set_of ({ { 0x1000, 0x3000 }, { 0x4800, 0x9000 } });
    EXPECT_EQ (set.fit (0x2000, 0), 0x1000u);
    EXPECT_EQ (set.fit (0x2001, 0), 0x5000u);
    EXPECT_EQ (set.fit (0x1000, 0x2001), 0x5000u);
    EXPECT_EQ (set.fit (0x4000, 0), 0x5000u);
    EXPECT_EQ (set.fit (0x4001, 0), std::nullopt);
}

TEST (RangeSet, ContainsWantsOneRange)
{
    auto const set = set_of ({ { 0x1000, 0x3000 }, { 0x4000, 0x5000 } });
    EXPECT_TRUE (set.contains ({ 0x1000, 0x3000 }));
    EXPECT_FALSE (set.contains ({ 0x2000, 0x4800 }));
    EXPECT_TRUE (set.overlaps ({ 0x2FFF, 0x3800 }));
    EXPECT_FALSE (set.overlaps ({ 0x3000, 0x4000 }));
    EXPECT_EQ (set.total (), 0x3000u);
}

TEST (RangeSet, AgreesWithASetOfBytes)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    constexpr unsigned space = 100;
    for (unsigned round = 0; round < 200; ++round) {
        RangeSet set;
        std::bitset<space> model;
        for (unsigned step = 0; step < 30; ++step) {
            Range const r { random.below (space), random.below (space + 1) };
            bool const add = random.below (2) == 0;
            ASSERT_TRUE (add ? set.add (r) : set.remove (r));
            for (unsigned i = r.begin; i < r.end; ++i)
                model[i] = add;
            ASSERT_TRUE (set.consistent ());
            for (unsigned i = 0; i < space; ++i)
                ASSERT_EQ (set.contains ({ i, i + 1 }), model[i]) << i;
            ASSERT_EQ (set.total (), model.count ());
        }
    }
}
