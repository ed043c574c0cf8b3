// SPDX-License-Identifier: BSD-2-Clause
#include <lib/align.hpp>
#include <lib/bits.hpp>

#include <gtest/gtest.h>

TEST (Align, RoundsToMultiplesForEverySmallValue)
{
    for (unsigned alignment : { 1u, 2u, 16u, 64u })
        for (unsigned value = 0; value < 300; ++value) {
            EXPECT_EQ (lib::align_down (value, alignment), value / alignment * alignment);
            EXPECT_EQ (lib::align_up (value, alignment),
                       (value + alignment - 1) / alignment * alignment);
            EXPECT_EQ (lib::is_aligned (value, alignment), value % alignment == 0);
        }
}

TEST (Align, UpWrapsAroundAtTheEndOfTheSpace)
{
    EXPECT_EQ (lib::align_up (0xFFFFF000u, 0x1000u), 0xFFFFF000u);
    EXPECT_EQ (lib::align_up (0xFFFFF001u, 0x1000u), 0u);
}

TEST (Align, KnowsPowersOfTwo)
{
    EXPECT_FALSE (lib::is_power_of_two (0u));
    EXPECT_TRUE (lib::is_power_of_two (1u));
    EXPECT_TRUE (lib::is_power_of_two (0x80000000u));
    EXPECT_FALSE (lib::is_power_of_two (0x80000001u));
}

TEST (Bits, ScansFindTheOnlyBit)
{
    for (unsigned n = 0; n < 32; ++n) {
        EXPECT_EQ (lib::lowest_bit (lib::bit (n)), n);
        EXPECT_EQ (lib::highest_bit (lib::bit (n)), n);
    }
}

TEST (Bits, ScansFindTheEndsOfARange)
{
    EXPECT_EQ (lib::lowest_bit (0x00FFFF00u), 8u);
    EXPECT_EQ (lib::highest_bit (0x00FFFF00u), 23u);
}

TEST (Bits, Log2RoundsUp)
{
    EXPECT_EQ (lib::log2_ceiling (1), 0u);
    EXPECT_EQ (lib::log2_ceiling (2), 1u);
    EXPECT_EQ (lib::log2_ceiling (3), 2u);
    EXPECT_EQ (lib::log2_ceiling (0x80000000u), 31u);
    EXPECT_EQ (lib::log2_ceiling (0x80000001u), 32u);
}
