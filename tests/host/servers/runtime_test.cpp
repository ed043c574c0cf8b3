// SPDX-License-Identifier: BSD-2-Clause
/// @file  The runtime's formatting, feature strings, text messages and serial port.
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <runtime/kip.hpp>
#include <runtime/print.hpp>
#include <runtime/service.hpp>
#include <runtime/uart.hpp>

namespace {

std::string output;
unsigned pieces;

template <typename... Args>
std::string printed (Args const&... args)
{
    output.clear ();
    pieces = 0;
    rt::print (args...);
    return output;
}

}  // namespace

void rt::write (std::string_view text)
{
    output += text;
    ++pieces;
}

namespace {

TEST (Print, PutsItsArgumentsInARow)
{
    EXPECT_EQ (printed ("x=", 5, ' ', 7u, std::string_view { " end" }, "\n"), "x=5 7 end\n");
}

TEST (Print, WritesIntegersOfEveryWidth)
{
    EXPECT_EQ (printed (0), "0");
    EXPECT_EQ (printed (-1), "-1");
    EXPECT_EQ (printed (std::numeric_limits<int>::min ()), "-2147483648");
    EXPECT_EQ (printed (0xFFFFFFFFu), "4294967295");
    EXPECT_EQ (printed (std::numeric_limits<std::uint64_t>::max ()), "18446744073709551615");
    EXPECT_EQ (printed (std::numeric_limits<std::int64_t>::min ()), "-9223372036854775808");
    EXPECT_EQ (printed (std::uint64_t { 10'000'000'000 }), "10000000000");
    EXPECT_EQ (printed (std::uint8_t { 200 }), "200");
}

TEST (Print, AgreesWithTheLibraryOnManyNumbers)
{
    for (std::uint64_t n = 1; n < 1ULL << 60; n = n * 7 + 3)
        ASSERT_EQ (printed (n), std::to_string (n));
}

TEST (Print, WritesHexadecimalWithLeadingZeros)
{
    EXPECT_EQ (printed (rt::hex (0xABC)), "00000abc");
    EXPECT_EQ (printed (rt::hex (0xABC, 1)), "abc");
    EXPECT_EQ (printed (rt::hex (0, 1)), "0");
    EXPECT_EQ (printed (rt::hex (0x12345678, 2)), "12345678");
}

TEST (Print, Pads)
{
    EXPECT_EQ (printed (rt::padded (42, 5), rt::padded (7, 3, '0'), rt::padded (1234, 2)),
               "   420071234");
    EXPECT_EQ (printed (rt::left ("ab", 4), '|', rt::left ("abcd", 2)), "ab  |abcd");
}

TEST (Print, WritesSeconds)
{
    EXPECT_EQ (printed (rt::seconds (0)), "0.000");
    EXPECT_EQ (printed (rt::seconds (1'234'567)), "1.234");
    EXPECT_EQ (printed (rt::seconds (60'000'000'999)), "60000.000");
}

TEST (Print, HandsLongTextOnInPieces)
{
    std::string const text (1000, 'x');
    EXPECT_EQ (printed (std::string_view { text }), text);
    EXPECT_EQ (pieces, 16u);
    printed ("short");
    EXPECT_EQ (pieces, 1u);
    printed ();
    EXPECT_EQ (pieces, 0u);
}

TEST (TextMessage, CarriesZeroToSevenCharacters)
{
    for (std::size_t count = 0; count <= 7; ++count) {
        std::string_view const text = std::string_view { "\xFF" "bcdefg" }.substr (0, count);
        EXPECT_EQ (rt::unpack_text (rt::pack_text (text)).text (), text);
    }
}

TEST (TextMessage, ACountBeyondSevenIsSeven)
{
    EXPECT_EQ (rt::unpack_text ({ 0x64636261, 0xFF676665 }).text (), "abcdefg");
}

std::unique_ptr<l4::KernelInfoPage> page_with (std::string_view strings)
{
    auto page = std::make_unique<l4::KernelInfoPage> ();
    page->strings_16 = l4::KernelInfoPage::strings_offset / 16;
    strings.copy (page->strings, sizeof page->strings);
    return page;
}

constexpr char raw_strings[] = "Pecan 0.1 test\0pecan:image=i486\0pecan:tsc\0other:cpu=z80\0"
                               "pecan:serial=0x3f8,115200\0\0pecan:late=1";
constexpr std::string_view strings { raw_strings, sizeof raw_strings };

TEST (KernelInfoPage, FeaturesAreFoundByName)
{
    auto const page = page_with (strings);
    EXPECT_EQ (rt::kip_version_string (*page), "Pecan 0.1 test");
    EXPECT_EQ (rt::kip_feature ("image", *page).value, "i486");
    EXPECT_TRUE (rt::kip_feature ("tsc", *page).present);
    EXPECT_EQ (rt::kip_feature ("tsc", *page).value, "");
    EXPECT_EQ (rt::kip_feature ("serial", *page).value, "0x3f8,115200");
}

TEST (KernelInfoPage, AbsentAndForeignFeaturesAreNotFound)
{
    auto const page = page_with (strings);
    for (std::string_view const name : { "cpu", "imag", "image=", "late", "" })
        EXPECT_FALSE (rt::kip_feature (name, *page).present) << name;
}

TEST (KernelInfoPage, StringsWithoutAnEndStopAtThePage)
{
    auto const page = page_with ("");
    std::memset (page->strings, 'x', sizeof page->strings);
    EXPECT_FALSE (rt::kip_feature ("tsc", *page).present);
    EXPECT_EQ (rt::kip_version_string (*page).size (), sizeof page->strings);
}

TEST (KernelInfoPage, TheClockIsSixtyFourBitsWide)
{
    auto const page = page_with ("");
    page->clock = 0x0000000500000007;
    EXPECT_EQ (rt::clock (*page), 0x0000000500000007u);
}

TEST (SerialPort, ReadsThePortOfTheFeatureString)
{
    EXPECT_EQ (rt::serial_port ("0x3e8,9600"), 0x3E8u);
    EXPECT_EQ (rt::serial_port ("0x2F8"), 0x2F8u);
    for (std::string_view const bad : { "", "off", "0x", "0xZ,1", "3f8,9600", "0x12345678,9600" })
        EXPECT_EQ (rt::serial_port (bad), 0u) << bad;
}

struct FakeUart {
    std::uint8_t in8 (l4::Word port) { return port == 0x3FD ? *status : 'q'; }
    void out8 (l4::Word port, std::uint8_t value) { sent[port - 0x3F8] = value; }

    std::uint8_t* status;
    std::uint8_t* sent;
};

TEST (SerialPort, FollowsTheLineStatus)
{
    std::uint8_t status = 0;
    std::uint8_t sent[8] {};
    rt::Uart<FakeUart> uart { 0x3F8, FakeUart { &status, sent } };
    EXPECT_FALSE (uart.has_input ());
    EXPECT_FALSE (uart.can_put ());
    status = 0x21;
    EXPECT_TRUE (uart.has_input ());
    EXPECT_EQ (uart.get (), 'q');
    EXPECT_TRUE (uart.can_put ());
    EXPECT_FALSE (uart.is_idle ());
    status = 0x60;
    EXPECT_TRUE (uart.is_idle ());
    uart.put ('x');
    EXPECT_EQ (sent[0], 'x');
}

TEST (SerialPort, WhereNoPortIsThereIsNoInputAndNothingToWaitFor)
{
    std::uint8_t status = 0xFF;
    std::uint8_t sent[8] {};
    rt::Uart<FakeUart> uart { 0x3F8, FakeUart { &status, sent } };
    EXPECT_FALSE (uart.has_input ());
    EXPECT_TRUE (uart.can_put ());
    EXPECT_TRUE (uart.is_idle ());
    EXPECT_FALSE (rt::Uart<FakeUart> {}.has_input ());
}

}  // namespace
