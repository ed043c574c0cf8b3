// SPDX-License-Identifier: BSD-2-Clause
#include <report.hpp>

#include <gtest/gtest.h>

using namespace bench;

namespace {

constexpr Row sample { "ipc", "same-space", "instructions", { { 61200 }, { 61250 } }, 50 };

}  // namespace

TEST (BenchReport, CsvHasTheAgreedColumns)
{
    EXPECT_EQ (heading (Format::csv).view (), "benchmark,case,unit,minimum,mode,batches");
    EXPECT_EQ (row (Format::csv, sample).view (), "ipc,same-space,instructions,612,612.50,50");
}

TEST (BenchReport, TextAlignsFiguresUnderTheirHeadings)
{
    EXPECT_EQ (heading (Format::text).view (),
               "case                unit             minimum        mode   batches");
    EXPECT_EQ (row (Format::text, sample).view (),
               "same-space          instructions         612      612.50        50");
}

TEST (BenchReport, PrintsHundredthsOnlyWhereThereAreAny)
{
    EXPECT_EQ (number ({ 61200 }).view (), "612");
    EXPECT_EQ (number ({ 61250 }).view (), "612.50");
    EXPECT_EQ (number ({ 61205 }).view (), "612.05");
}
