// SPDX-License-Identifier: BSD-2-Clause
#include <options.hpp>

#include <gtest/gtest.h>

using namespace bench;

TEST (BenchOptions, DefaultsToTextAndFiftyBatches)
{
    Options const options = parse_options ("ipc");
    EXPECT_TRUE (options.valid);
    EXPECT_EQ (options.benchmark, "ipc");
    EXPECT_EQ (options.format, Format::text);
    EXPECT_EQ (options.clock, ClockChoice::automatic);
    EXPECT_EQ (options.batches, 50u);
}

TEST (BenchOptions, TakesOptionsInAnyOrder)
{
    Options const options = parse_options ("  ipc --batches 7  --clock kip --format csv ");
    EXPECT_TRUE (options.valid);
    EXPECT_EQ (options.format, Format::csv);
    EXPECT_EQ (options.clock, ClockChoice::kip);
    EXPECT_EQ (options.batches, 7u);
}

TEST (BenchOptions, RefusesUnknownOptions)
{
    EXPECT_FALSE (parse_options ("ipc --colour red").valid);
    EXPECT_FALSE (parse_options ("ipc csv").valid);
}

TEST (BenchOptions, RefusesBadValues)
{
    EXPECT_FALSE (parse_options ("ipc --format xml").valid);
    EXPECT_FALSE (parse_options ("ipc --format").valid);
    EXPECT_FALSE (parse_options ("ipc --clock sun").valid);
}

TEST (BenchOptions, RefusesNumbersOfBatchesOutOfRange)
{
    EXPECT_FALSE (parse_options ("ipc --batches 0").valid);
    EXPECT_FALSE (parse_options ("ipc --batches -1").valid);
    EXPECT_FALSE (parse_options ("ipc --batches 12x").valid);
    EXPECT_FALSE (parse_options ("ipc --batches 1001").valid);
    EXPECT_FALSE (parse_options ("ipc --batches 99999999999999999999").valid);
    EXPECT_FALSE (parse_options ("ipc --batches").valid);
    EXPECT_TRUE (parse_options ("ipc --batches 1000").valid);
}

TEST (BenchOptions, WithoutABenchmarkIsNotValid)
{
    EXPECT_FALSE (parse_options ("").valid);
}

TEST (BenchOptions, WantsAllCasesOrTheOneThatIsNamed)
{
    Options const all = parse_options ("ipc");
    EXPECT_TRUE (all.wants ("direct-8"));
    Options const one = parse_options ("ipc --case direct-64");
    EXPECT_TRUE (one.valid);
    EXPECT_TRUE (one.wants ("direct-64"));
    EXPECT_FALSE (one.wants ("direct-6"));
    EXPECT_FALSE (one.wants ("direct-640"));
    EXPECT_FALSE (parse_options ("ipc --case").valid);
}
