// SPDX-License-Identifier: BSD-2-Clause
#include <statistics.hpp>

#include <vector>

#include <gtest/gtest.h>

using namespace bench;

namespace {

Statistics of (std::vector<Word> samples)
{
    return summarize (samples);
}

}  // namespace

TEST (BenchStatistics, OneSampleIsMinimumAndMode)
{
    EXPECT_EQ (of ({ 7 }).minimum.value, 7u);
    EXPECT_EQ (of ({ 7 }).mode.value, 7u);
}

TEST (BenchStatistics, ModeIsTheMostFrequentValue)
{
    Statistics const s = of ({ 9, 5, 8, 9, 7, 9, 5 });
    EXPECT_EQ (s.minimum.value, 5u);
    EXPECT_EQ (s.mode.value, 9u);
}

TEST (BenchStatistics, OfEquallyFrequentValuesTheSmallestIsTheMode)
{
    EXPECT_EQ (of ({ 4, 3, 4, 3, 9 }).mode.value, 3u);
}

TEST (BenchStatistics, DividesToHundredths)
{
    EXPECT_EQ (per_operation (256 * 612, 256).value, 61200u);
    EXPECT_EQ (per_operation (256 * 612 + 128, 256).value, 61250u);
    EXPECT_EQ (per_operation (1, 256).value, 0u);
    EXPECT_EQ (per_operation (0, 256).value, 0u);
}

TEST (BenchStatistics, SplitsHundredths)
{
    EXPECT_EQ (Hundredths { 61205 }.whole (), 612u);
    EXPECT_EQ (Hundredths { 61205 }.fraction (), 5u);
}
