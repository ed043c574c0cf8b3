// SPDX-License-Identifier: BSD-2-Clause
#include <lib/assert.hpp>

#include <support/assertion.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

TEST (Assert, ATrueConditionPasses)
{
    EXPECT_NO_THROW (ASSERT (1 + 1 == 2));
    EXPECT_NO_THROW (CHECK (1 + 1 == 2));
}

TEST (Assert, AFalseConditionReachesTheLinkSeam)
{
    EXPECT_THROW (ASSERT (1 + 1 == 3), AssertionFailed);
    EXPECT_THROW (CHECK (1 + 1 == 3), AssertionFailed);
}

TEST (Assert, TheReportNamesTheExpressionAndThePlace)
{
    std::string report;
    try {
        CHECK (2 < 1);
    } catch (AssertionFailed const& failure) {
        report = failure.what ();
    }
    EXPECT_NE (report.find ("assert_test.cpp:"), std::string::npos) << report;
    EXPECT_NE (report.find ("2 < 1"), std::string::npos) << report;
}

TEST (Assert, AConditionMayContainCommas)
{
    EXPECT_NO_THROW (ASSERT (std::pair<int, int> { 1, 2 }.second == 2));
}
