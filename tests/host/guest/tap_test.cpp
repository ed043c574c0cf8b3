// SPDX-License-Identifier: BSD-2-Clause
#include <framework/tap.hpp>

#include <gtest/gtest.h>

namespace tap = guest::tap;
using guest::Failure;
using guest::Outcome;
using guest::Totals;

namespace {

constexpr guest::CaseName name { "IPC-001", "words arrive", "V2-113 V2-142" };

}  // namespace

TEST (Tap, PlansTheNumberOfCases)
{
    EXPECT_EQ (tap::plan (12).view (), "1..12");
}

TEST (Tap, ReportsASuccessWithItsStatements)
{
    EXPECT_EQ (tap::result (3, name, Outcome::passed).view (),
               "ok 3 - IPC-001 words arrive # V2-113 V2-142");
}

TEST (Tap, ReportsAFailure)
{
    EXPECT_EQ (tap::result (3, name, Outcome::failed).view (),
               "not ok 3 - IPC-001 words arrive # V2-113 V2-142");
}

TEST (Tap, ReportsASkippedCaseWithItsReason)
{
    EXPECT_EQ (tap::result (3, name, Outcome::skipped, "no task number left").view (),
               "ok 3 - IPC-001 words arrive # V2-113 V2-142 # SKIP no task number left");
}

TEST (Tap, ExplainsAFailedCheck)
{
    Failure const failure { .place = { "ipc.cpp", 12, "CHECK", "a < b" } };
    EXPECT_EQ (tap::diagnostic (failure).view (), "# ipc.cpp:12: CHECK (a < b)");
}

TEST (Tap, ShowsTheValuesThatDiffer)
{
    Failure const failure { .place = { "ipc.cpp", 12, "CHECK_EQUAL", "a, b" },
                            .has_values = true,
                            .actual = { 1, 0, false },
                            .expected = { 2, 0, false } };
    EXPECT_EQ (tap::diagnostic (failure).view (),
               "# ipc.cpp:12: CHECK_EQUAL (a, b): 0x00000001, 0x00000002");
}

TEST (Tap, ShowsIdsByBothWords)
{
    Failure const failure { .place = { "ids.cpp", 9, "CHECK_EQUAL", "a, b" },
                            .has_values = true,
                            .actual = { 1, 2, true },
                            .expected = { 3, 0, true } };
    EXPECT_EQ (tap::diagnostic (failure).view (),
               "# ids.cpp:9: CHECK_EQUAL (a, b): 0x00000002:0x00000001, 0x00000000:0x00000003");
}

TEST (Tap, SumsUp)
{
    Totals totals;
    totals.add (Outcome::passed);
    totals.add (Outcome::passed);
    totals.add (Outcome::failed);
    totals.add (Outcome::skipped);
    EXPECT_EQ (tap::summary (totals).view (), "# 2 passed, 1 failed, 1 skipped");
    EXPECT_EQ (tap::exit_status (totals), 1);
}

TEST (Tap, ExitStatusEndsAt125)
{
    EXPECT_EQ (tap::exit_status ({ 0, 300, 0 }), 125);
    EXPECT_EQ (tap::exit_status ({ 10, 0, 3 }), 0);
}
