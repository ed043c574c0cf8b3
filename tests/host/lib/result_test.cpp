// SPDX-License-Identifier: BSD-2-Clause
#include <lib/result.hpp>

#include <support/assertion.hpp>

#include <gtest/gtest.h>

namespace {

enum class Error : unsigned { none, no_memory, busy };

template <typename T>
using Result = lib::Result<T, Error>;

static_assert (sizeof (Result<unsigned>) == 8);
static_assert (std::is_trivially_copyable_v<Result<unsigned>>);

Result<int> half (int n)
{
    if (n % 2 != 0)
        return Error::busy;
    return n / 2;
}

Result<int> quarter (int n)
{
    int const once = TRY (half (n));
    return half (once);
}

Result<void> must_halve (int n, bool& reached_end)
{
    (void) TRY (half (n));
    reached_end = true;
    return {};
}

Result<void> forward (int n, bool& reached_end)
{
    TRY (must_halve (n, reached_end));
    return {};
}

}  // namespace

TEST (Result, HoldsAValue)
{
    auto const result = half (8);
    EXPECT_TRUE (result.ok ());
    EXPECT_EQ (result.value (), 4);
    EXPECT_EQ (result.error (), Error::none);
}

TEST (Result, HoldsAnError)
{
    auto const result = half (7);
    EXPECT_FALSE (result.ok ());
    EXPECT_EQ (result.error (), Error::busy);
}

TEST (Result, TakingTheValueOfAnErrorIsABug)
{
    EXPECT_THROW ((void) half (7).value (), AssertionFailed);
}

TEST (Result, SuccessIsNotAnError)
{
    EXPECT_THROW (Result<int> { Error::none }, AssertionFailed);
}

TEST (Result, TryPassesValuesOn)
{
    EXPECT_EQ (quarter (12).value (), 3);
}

TEST (Result, TryReturnsTheFirstError)
{
    EXPECT_EQ (quarter (7).error (), Error::busy);
    EXPECT_EQ (quarter (6).error (), Error::busy);
}

TEST (Result, TryLeavesAVoidFunctionAtAnError)
{
    bool reached_end = false;
    EXPECT_EQ (forward (3, reached_end).error (), Error::busy);
    EXPECT_FALSE (reached_end);
    EXPECT_TRUE (forward (4, reached_end).ok ());
    EXPECT_TRUE (reached_end);
}
