// SPDX-License-Identifier: BSD-2-Clause
#include <framework/line.hpp>

#include <string>

#include <gtest/gtest.h>

using guest::Line;

TEST (Line, IsEmptyAtFirst)
{
    EXPECT_EQ (Line {}.view (), "");
}

TEST (Line, JoinsTextAndNumbers)
{
    EXPECT_EQ (Line {}.text ("a").decimal (0).text ("b").decimal (42).view (), "a0b42");
}

TEST (Line, PrintsHexWithEightDigits)
{
    EXPECT_EQ (Line {}.hex (0xBEEF).view (), "0x0000beef");
    EXPECT_EQ (Line {}.hex (0xFFFFFFFF).view (), "0xffffffff");
}

TEST (Line, PrintsNumbersOf64Bits)
{
    for (std::uint64_t value : { 9ull, 10ull, 65535ull, 65536ull, 4294967295ull, 4294967296ull,
                                 10000000000ull, 18446744073709551615ull })
        EXPECT_EQ (Line {}.decimal (value).view (), std::to_string (value));
}

TEST (Line, DropsWhatDoesNotFit)
{
    Line line;
    for (unsigned i = 0; i < Line::capacity + 20; ++i)
        line.text ("x");
    EXPECT_EQ (line.view ().size (), Line::capacity);
}

TEST (Line, TabsToAColumn)
{
    EXPECT_EQ (Line {}.text ("ab").tab (4).text ("c").view (), "ab  c");
}

TEST (Line, TabsByOneBlankBehindTheColumn)
{
    EXPECT_EQ (Line {}.text ("abcd").tab (2).text ("e").view (), "abcd e");
}

TEST (Line, AlignsToTheRight)
{
    EXPECT_EQ (Line {}.text ("a").right ("12", 6).view (), "a   12");
    EXPECT_EQ (Line {}.text ("abcdef").right ("12", 6).view (), "abcdef12");
}
