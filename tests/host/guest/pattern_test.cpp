// SPDX-License-Identifier: BSD-2-Clause
#include <framework/pattern.hpp>

#include <gtest/gtest.h>

using guest::matches;

TEST (Pattern, EmptySelectsEverything)
{
    EXPECT_TRUE (matches ("IPC-001", ""));
    EXPECT_TRUE (matches ("IPC-001", "*"));
}

TEST (Pattern, SelectsByTheBeginningOfAnId)
{
    EXPECT_TRUE (matches ("IPC-001", "IPC"));
    EXPECT_TRUE (matches ("IPC-001", "IPC-001"));
    EXPECT_FALSE (matches ("IPC-001", "PC"));
    EXPECT_FALSE (matches ("IPC-001", "IPC-0011"));
    EXPECT_FALSE (matches ("IPC-001", "MAP"));
}

TEST (Pattern, AllowsAStarAtTheEndOnly)
{
    EXPECT_TRUE (matches ("IPC-012", "IPC-0*"));
    EXPECT_FALSE (matches ("IPC-012", "I*2"));
}

TEST (Pattern, IgnoresCase)
{
    EXPECT_TRUE (matches ("IPC-001", "ipc"));
}
