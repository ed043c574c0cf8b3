// SPDX-License-Identifier: BSD-2-Clause
#include <lib/format.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>
#include <string>

namespace {

struct StringSink {
    std::string text;
    void put (char c) { text += c; }
};

template <typename... Arguments>
std::string printed (Arguments const&... arguments)
{
    StringSink sink;
    lib::print (sink, arguments...);
    return sink.text;
}

template <typename T>
concept Printable = requires (StringSink& sink, T value) { lib::print_one (sink, value); };

static_assert (Printable<unsigned char> && Printable<long long> && Printable<char const*>);
static_assert (!Printable<bool> && !Printable<void*> && !Printable<double>);

}  // namespace

TEST (Format, PutsArgumentsInOrder)
{
    EXPECT_EQ (printed ("cr2=", lib::hex (0x1F, 8), ' ', -3, '\n'), "cr2=0000001F -3\n");
}

TEST (Format, PutsNothingForNothing)
{
    EXPECT_EQ (printed (), "");
    EXPECT_EQ (printed (""), "");
}

TEST (Format, ACharacterIsACharacterAndAByteIsANumber)
{
    EXPECT_EQ (printed ('A', std::uint8_t { 65 }), "A65");
}

TEST (Format, PrintsTheLimitsOfEachWidth)
{
    EXPECT_EQ (printed (0), "0");
    EXPECT_EQ (printed (std::numeric_limits<std::int8_t>::min ()), "-128");
    EXPECT_EQ (printed (std::numeric_limits<std::int32_t>::min ()), "-2147483648");
    EXPECT_EQ (printed (std::numeric_limits<std::uint32_t>::max ()), "4294967295");
    EXPECT_EQ (printed (std::numeric_limits<std::int64_t>::min ()), "-9223372036854775808");
    EXPECT_EQ (printed (std::numeric_limits<std::uint64_t>::max ()), "18446744073709551615");
}

TEST (Format, HexOfANegativeNumberIsThatOfItsOwnWidth)
{
    EXPECT_EQ (printed (lib::hex (std::int16_t { -1 })), "FFFF");
    EXPECT_EQ (printed (lib::hex (-1LL)), "FFFFFFFFFFFFFFFF");
}

TEST (Format, WidthFillsHexWithZerosAndDecimalWithBlanks)
{
    EXPECT_EQ (printed (lib::hex (0xABu, 4)), "00AB");
    EXPECT_EQ (printed (lib::dec (42, 6)), "    42");
    EXPECT_EQ (printed (lib::dec (-42, 6)), "   -42");
}

TEST (Format, WidthNeverCuts)
{
    EXPECT_EQ (printed (lib::hex (0x12345u, 2)), "12345");
    EXPECT_EQ (printed (lib::dec (12345, 2)), "12345");
}

TEST (Format, AnExcessiveWidthIsLimited)
{
    EXPECT_EQ (printed (lib::dec (7, 1000)), std::string (23, ' ') + "7");
}

TEST (Format, AgreesWithPrintfOnRandomNumbers)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int i = 0; i < 20000; ++i) {
        auto const bits = std::uint64_t { random.word () } << 32 | random.word ();
        auto const value = bits >> random.below (64);
        char expected[64];
        std::snprintf (expected, sizeof expected, "%llu %lld %llX",
                       static_cast<unsigned long long> (value), static_cast<long long> (bits),
                       static_cast<unsigned long long> (value));
        ASSERT_EQ (printed (value, ' ', static_cast<std::int64_t> (bits), ' ', lib::hex (value)),
                   expected);
    }
}
