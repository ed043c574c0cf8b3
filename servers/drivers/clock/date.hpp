// SPDX-License-Identifier: BSD-2-Clause
/// @file  Dates of the Gregorian calendar, and seconds since the beginning of 1970.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <l4/word.hpp>

namespace wall {

using l4::Word;
using Seconds = Word;                   ///< since 1970-01-01 00:00:00; ends in 2106

struct Date {
    static constexpr Word first_year = 1970;
    static constexpr Word last_year = 2105;     ///< its seconds fit 32 bits

    Word year { first_year };
    Word month { 1 };
    Word day { 1 };
    Word hour { 0 };
    Word minute { 0 };
    Word second { 0 };

    [[nodiscard]] static constexpr bool is_leap (Word year)
    {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    }
    [[nodiscard]] static constexpr Word days_in (Word month, Word year)
    {
        constexpr std::uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        return days[month - 1] + (month == 2 && is_leap (year) ? Word { 1 } : 0);
    }

    [[nodiscard]] constexpr bool is_valid () const
    {
        return year >= first_year && year <= last_year && month >= 1 && month <= 12 && day >= 1
               && day <= days_in (month, year) && hour < 24 && minute < 60 && second < 60;
    }

    /// Of a valid date.
    [[nodiscard]] constexpr Seconds seconds () const
    {
        Word days = day - 1;
        for (Word y = first_year; y < year; ++y)
            days += is_leap (y) ? 366 : 365;
        for (Word m = 1; m < month; ++m)
            days += days_in (m, year);
        return ((days * 24 + hour) * 60 + minute) * 60 + second;
    }

    [[nodiscard]] static constexpr Date from (Seconds seconds)
    {
        constexpr Word day_seconds = 24 * 60 * 60;
        Word days = seconds / day_seconds;
        Word const rest = seconds % day_seconds;
        Date date { .hour = rest / 3600, .minute = rest / 60 % 60, .second = rest % 60 };
        for (Word length; days >= (length = is_leap (date.year) ? 366 : 365); days -= length)
            ++date.year;
        for (Word length; days >= (length = days_in (date.month, date.year)); days -= length)
            ++date.month;
        date.day = days + 1;
        return date;
    }

    friend constexpr bool operator== (Date const&, Date const&) = default;
};

}  // namespace wall
