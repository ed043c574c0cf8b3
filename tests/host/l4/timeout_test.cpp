// SPDX-License-Identifier: BSD-2-Clause
#include <l4/timeout.hpp>

#include <support/random.hpp>

#include <gtest/gtest.h>

#include <type_traits>

using l4::PageFaultTimeout;
using l4::Timeout;
using l4::Timeouts;
using l4::Word;

namespace {

static_assert (std::is_trivially_copyable_v<Timeouts> && sizeof (Timeouts) == 4);

constexpr auto longest = std::uint64_t { 255 } << 28;     ///< 255 * 4^14 microseconds

/// mantissa * 4^(15 - exponent), by multiplication.
std::uint64_t microseconds (Word exponent, Word mantissa)
{
    std::uint64_t us = mantissa;
    for (; exponent < 15; ++exponent)
        us *= 4;
    return us;
}

}  // namespace

TEST (Timeouts, HaveTheWordsOfTheSpecification)
{
    auto const never = Timeout::never ();
    EXPECT_EQ (Timeouts::never ().raw (), 0u);
    EXPECT_EQ (Timeouts (never, { 10, 10 }).raw (), 0x0A00000Au);
    EXPECT_EQ (Timeouts (Timeout::zero (), { 5, 1 }).raw (), 0x01000015u);
    EXPECT_EQ (Timeouts (never, Timeout::zero ()).raw (), 0x00000001u);
    EXPECT_EQ (Timeouts (Timeout::zero (), never).raw (), 0x00000010u);
    EXPECT_EQ (Timeouts (Timeout::zero (), Timeout::zero ()).raw (), 0x00000011u);
    EXPECT_EQ (Timeouts (never, never, PageFaultTimeout::zero (), PageFaultTimeout::zero ()).raw (),
               0x0000FF00u);
}

TEST (Timeouts, EachFieldLiesWhereTheSpecificationSays)
{
    Timeouts const timeouts { 0x87654321 };
    EXPECT_EQ (timeouts.receive (), (Timeout { 1, 0x87 }));
    EXPECT_EQ (timeouts.send (), (Timeout { 2, 0x65 }));
    EXPECT_EQ (timeouts.receive_fault ().exponent, 3u);
    EXPECT_EQ (timeouts.send_fault ().exponent, 4u);
}

TEST (Timeouts, MakingFromTheirPartsGivesTheSameWord)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int i = 0; i < 1000; ++i) {
        Timeouts const t { random.word () };
        ASSERT_EQ (Timeouts (t.send (), t.receive (), t.send_fault (), t.receive_fault ()).raw (),
                   t.raw ());
    }
}

TEST (Timeout, LengthIsMantissaTimesAPowerOfFour)
{
    for (Word exponent = 1; exponent < 16; ++exponent)
        for (Word mantissa = 0; mantissa < 256; ++mantissa)
            ASSERT_EQ ((Timeout { exponent, mantissa }.microseconds ()),
                       microseconds (exponent, mantissa));
}

TEST (Timeout, ExponentZeroIsInfiniteWhateverTheMantissa)
{
    EXPECT_TRUE ((Timeout { 0, 0 }.is_infinite ()));
    EXPECT_TRUE ((Timeout { 0, 200 }.is_infinite ()));
    EXPECT_FALSE ((Timeout { 0, 0 }.is_zero ()));
    EXPECT_TRUE ((Timeout { 7, 0 }.is_zero ()));
}

TEST (Timeout, TheShortestThatIsNotTooShortIsFound)
{
    std::uint64_t const lengths[] { 0,     1,      254,     255,      256,        1000,   1021,
                                    10000, 102400, 1000000, 60000000, 3600000000, longest };
    for (auto us : lengths) {
        auto const found = Timeout::at_least (us);
        EXPECT_GE (found.microseconds (), us);
        for (Word exponent = 1; exponent < 16; ++exponent)
            for (Word mantissa = 0; mantissa < 256; ++mantissa)
                if (microseconds (exponent, mantissa) >= us) {
                    ASSERT_LE (found.microseconds (), microseconds (exponent, mantissa)) << us;
                }
    }
}

TEST (Timeout, WhatIsTooLongBecomesTheLongest)
{
    EXPECT_EQ (Timeout::at_least (longest + 1).microseconds (), longest);
    EXPECT_EQ (Timeout::at_least (~0ull / 2).microseconds (), longest);
}

TEST (PageFaultTimeout, HasNoMantissa)
{
    EXPECT_TRUE (PageFaultTimeout::never ().timeout ().is_infinite ());
    EXPECT_TRUE (PageFaultTimeout::zero ().timeout ().is_zero ());
    for (Word exponent = 1; exponent < 15; ++exponent)
        EXPECT_EQ (PageFaultTimeout { exponent }.timeout ().microseconds (),
                   microseconds (exponent, 1));
}
