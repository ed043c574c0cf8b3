// SPDX-License-Identifier: BSD-2-Clause
#include <framework/selection.hpp>

#include <gtest/gtest.h>

using guest::parse_selection;
using guest::Selection;

TEST (Selection, IsEverythingOnceByDefault)
{
    Selection const all = parse_selection ("   ");
    EXPECT_TRUE (all.valid);
    EXPECT_EQ (all.pattern, "");
    EXPECT_EQ (all.times, 1u);
    EXPECT_EQ (all.seed, 0u);
}

TEST (Selection, TakesAPatternAndOptionsInAnyOrder)
{
    for (char const* line : { "LIF --times 200 --seed 7", "  --seed 7 LIF --times 200 " }) {
        Selection const some = parse_selection (line);
        EXPECT_TRUE (some.valid);
        EXPECT_EQ (some.pattern, "LIF");
        EXPECT_EQ (some.times, 200u);
        EXPECT_EQ (some.seed, 7u);
    }
}

TEST (Selection, RefusesWhatItDoesNotKnow)
{
    EXPECT_FALSE (parse_selection ("a b").valid);
    EXPECT_FALSE (parse_selection ("--colour 1").valid);
    EXPECT_FALSE (parse_selection ("--times").valid);
}

TEST (Selection, RefusesNumbersOutOfRange)
{
    EXPECT_TRUE (parse_selection ("--times 10000").valid);
    EXPECT_TRUE (parse_selection ("--seed 999999999").valid);
    for (char const* line : { "--times 0", "--times 10001", "--times 1x", "--seed 1000000000",
                              "--seed 99999999999", "--seed 4294967297" })
        EXPECT_FALSE (parse_selection (line).valid) << line;
}
