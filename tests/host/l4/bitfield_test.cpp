// SPDX-License-Identifier: BSD-2-Clause
#include <l4/bitfield.hpp>

#include <gtest/gtest.h>

using l4::BitField;
using l4::Word;

TEST (BitField, TakesItsSliceAndLeavesTheRest)
{
    using Middle = BitField<8, 4>;
    EXPECT_EQ (Middle::get (0xFFFFFABC), 0xAu);
    EXPECT_EQ (Middle::set (0xFFFFFABC, 5), 0xFFFFF5BCu);
    EXPECT_EQ (Middle::make (0x123), 0x300u);
    EXPECT_EQ (Middle::mask, 0xF00u);
}

TEST (BitField, MayCoverAWholeWord)
{
    using All = BitField<0, 32>;
    EXPECT_EQ (All::get (0x89ABCDEF), 0x89ABCDEFu);
    EXPECT_EQ (All::set (0x12345678, 0x89ABCDEF), 0x89ABCDEFu);
    EXPECT_EQ (All::mask, 0xFFFFFFFFu);
}

TEST (BitField, MayEndAtTheTopBit)
{
    using Top = BitField<28, 4>;
    EXPECT_EQ (Top::get (0xF0000000), 0xFu);
    EXPECT_EQ (Top::make (0x1F), 0xF0000000u);
}
