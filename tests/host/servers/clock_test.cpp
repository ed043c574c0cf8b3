// SPDX-License-Identifier: BSD-2-Clause
/// @file  Dates against the host's C library, and the real-time clock's register logic on a chip
///        that only pretends.
#include <array>
#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include <drivers/rtc/chip.hpp>

namespace {

using l4::Word;
using wall::Date;
using wall::Seconds;

Date by_library (Seconds seconds)
{
    auto const time = static_cast<std::time_t> (seconds);
    std::tm broken {};
    gmtime_r (&time, &broken);
    return { static_cast<Word> (broken.tm_year + 1900), static_cast<Word> (broken.tm_mon + 1),
             static_cast<Word> (broken.tm_mday), static_cast<Word> (broken.tm_hour),
             static_cast<Word> (broken.tm_min), static_cast<Word> (broken.tm_sec) };
}

TEST (Date, AgreesWithTheLibraryOnEveryDay)
{
    // A 32-bit time_t ends in 2038.
    for (Seconds seconds = 86'399; seconds < 0x7FFF'FFFF; seconds += 86'400) {
        ASSERT_EQ (Date::from (seconds), by_library (seconds)) << seconds;
        ASSERT_EQ (Date::from (seconds).seconds (), seconds);
    }
}

TEST (Date, GoesThereAndBackForAnyTime)
{
    std::mt19937 random { 99 };
    for (int i = 0; i < 100'000; ++i) {
        Seconds const seconds = static_cast<Seconds> (random ()) % Date { 2106 }.seconds ();
        Date const date = Date::from (seconds);
        ASSERT_TRUE (date.is_valid ()) << seconds;
        ASSERT_EQ (date.seconds (), seconds);
    }
}

TEST (Date, KnowsWhatIsNone)
{
    EXPECT_TRUE ((Date { 2000, 2, 29, 23, 59, 59 }.is_valid ()));
    EXPECT_TRUE ((Date { 2100, 2, 28, 0, 0, 0 }.is_valid ()));
    for (Date const& date : { Date { 2100, 2, 29 }, Date { 1999, 2, 29 }, Date { 2001, 0, 1 },
                              Date { 2001, 13, 1 }, Date { 2001, 1, 0 }, Date { 2001, 4, 31 },
                              Date { 2001, 1, 1, 24 }, Date { 2001, 1, 1, 0, 60 },
                              Date { 2001, 1, 1, 0, 0, 60 }, Date { 1969, 12, 31 },
                              Date { 2106, 1, 1 } })
        EXPECT_FALSE (date.is_valid ());
}

/// Counts `updates` down: while it reads as updating, the time may change from one register to
/// the next.
class FakeChip {
public:
    FakeChip (bool binary, bool whole_day)
    {
        registers[rtc::reg_a] = 0x26;
        registers[rtc::reg_b] = static_cast<std::uint8_t> ((binary ? rtc::b_binary : 0)
                                                           | (whole_day ? rtc::b_24_hours : 0));
        registers[rtc::reg_d] = rtc::d_valid;
    }

    std::uint8_t in8 (Word port)
    {
        EXPECT_EQ (port, rtc::port_data);
        if (index_ == rtc::reg_a && updating != 0) {
            --updating;
            return registers[rtc::reg_a] | rtc::a_updating;
        }
        std::uint8_t const value = registers[index_];
        if (index_ == rtc::reg_c)
            registers[rtc::reg_c] = 0;
        if (tear_after != 0 && --tear_after == 0)
            put (torn_to);
        return value;
    }
    void out8 (Word port, std::uint8_t value)
    {
        if (port == rtc::port_index) {
            EXPECT_EQ (value & 0x80, 0) << "that bit masks NMIs";
            index_ = value & 0x7F;
            return;
        }
        bool const is_time = index_ < rtc::reg_a && index_ % 2 == 0;
        EXPECT_TRUE (!is_time || (registers[rtc::reg_b] & rtc::b_set) != 0)
            << "written while it runs";
        registers[index_] = value;
    }
    void in_words (Word, void*, Word) { ADD_FAILURE (); }
    void out_words (Word, void const*, Word) { ADD_FAILURE (); }

    /// Show a time, in the chip's own format.
    void put (Date const& date)
    {
        auto const coded = [&] (Word value) {
            return static_cast<std::uint8_t> ((registers[rtc::reg_b] & rtc::b_binary) != 0
                                                  ? value
                                                  : value / 10 * 16 + value % 10);
        };
        bool const whole_day = (registers[rtc::reg_b] & rtc::b_24_hours) != 0;
        Word const hour = whole_day ? date.hour : date.hour % 12 == 0 ? 12 : date.hour % 12;
        registers[rtc::reg_seconds] = coded (date.second);
        registers[rtc::reg_minutes] = coded (date.minute);
        registers[rtc::reg_hours] = static_cast<std::uint8_t> (
            coded (hour) | (!whole_day && date.hour >= 12 ? 0x80 : 0));
        registers[rtc::reg_day] = coded (date.day);
        registers[rtc::reg_month] = coded (date.month);
        registers[rtc::reg_year] = coded (date.year % 100);
        registers[rtc::reg_century] = coded (date.year / 100);
    }

    std::array<std::uint8_t, 128> registers {};
    unsigned updating { 0 };
    unsigned tear_after { 0 };
    Date torn_to {};

private:
    Word index_ { 0 };
};

/// Binary or decimal, 24 or 12 hours.
class ChipTest : public testing::TestWithParam<std::tuple<bool, bool>> {
protected:
    FakeChip device { std::get<0> (GetParam ()), std::get<1> (GetParam ()) };
    rtc::Chip<FakeChip> chip { device };
};

TEST_P (ChipTest, ReadsAndSetsEveryHourOfADay)
{
    for (Word hour = 0; hour < 24; ++hour) {
        Date const date { 1996, 5, 14, hour, 59, 7 };
        device.put (date);
        Date read;
        ASSERT_TRUE (chip.date (read));
        ASSERT_EQ (read, date);
        Date const other { 2031, 12, 9, (hour + 7) % 24, 0, 58 };
        chip.set (other);
        ASSERT_TRUE (chip.date (read));
        ASSERT_EQ (read, other);
        EXPECT_EQ (device.registers[rtc::reg_b] & rtc::b_set, 0);
    }
}

TEST_P (ChipTest, ReadsAWholeTimeWhereverItChanges)
{
    Date const before { 1999, 12, 31, 23, 59, 59 };
    Date const after { 2000, 1, 1, 0, 0, 0 };
    for (unsigned place = 1; place < 30; ++place) {
        device.put (before);
        device.tear_after = place;
        device.torn_to = after;
        device.updating = place % 3;
        Date read;
        ASSERT_TRUE (chip.date (read));
        EXPECT_TRUE (read == before || read == after) << place;
    }
}

TEST_P (ChipTest, RaisesItsLineAtATimeOfDay)
{
    device.put ({ 2000, 1, 1, 0, 0, 0 });
    ASSERT_TRUE (chip.open ());
    EXPECT_EQ (device.registers[rtc::reg_b] & rtc::b_alarm, 0);
    Date const due { 2000, 1, 1, 13, 5, 9 };
    chip.raise_at (due);
    EXPECT_NE (device.registers[rtc::reg_b] & rtc::b_alarm, 0);
    device.put (due);
    EXPECT_EQ (device.registers[rtc::reg_hours_alarm], device.registers[rtc::reg_hours]);
    EXPECT_EQ (device.registers[rtc::reg_minutes_alarm], device.registers[rtc::reg_minutes]);
    EXPECT_EQ (device.registers[rtc::reg_seconds_alarm], device.registers[rtc::reg_seconds]);
    chip.raise_never ();
    EXPECT_EQ (device.registers[rtc::reg_b] & rtc::b_alarm, 0);
}

INSTANTIATE_TEST_SUITE_P (Formats, ChipTest,
                          testing::Combine (testing::Bool (), testing::Bool ()));

TEST (Chip, GuessesTheCenturyWhereNobodyKeepsIt)
{
    FakeChip device { false, true };
    rtc::Chip<FakeChip> chip { device };
    device.put ({ 1996, 5, 14, 1, 2, 3 });
    device.registers[rtc::reg_century] = 0xFF;
    Date read;
    ASSERT_TRUE (chip.date (read));
    EXPECT_EQ (read.year, 1996u);
    device.registers[rtc::reg_year] = 0x26;
    ASSERT_TRUE (chip.date (read));
    EXPECT_EQ (read.year, 2026u);
}

TEST (Chip, IsNotThereOrShowsNoTime)
{
    FakeChip absent { false, true };
    absent.registers.fill (0xFF);
    EXPECT_FALSE (rtc::Chip<FakeChip> { absent }.open ());
    FakeChip empty { false, true };
    EXPECT_FALSE (rtc::Chip<FakeChip> { empty }.open ()) << "month 0";
    FakeChip stuck { false, true };
    stuck.put ({ 1996, 5, 14, 1, 2, 3 });
    stuck.registers[rtc::reg_a] |= rtc::a_updating;
    EXPECT_TRUE (rtc::Chip<FakeChip> { stuck }.open ()) << "updating for ever, but a time";
}

}  // namespace
