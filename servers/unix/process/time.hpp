// SPDX-License-Identifier: BSD-2-Clause
/// @file  Points in time and lengths of time: microseconds, points since the machine was started.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <cstdint>

#include "../abi/time.hpp"

namespace unix_server {

using Time = std::uint64_t;

/// Nothing happens at the very start.
constexpr Time never = 0;
/// No time given by a process makes a point of time overflow.
constexpr Time longest_time = Time { 1 } << 60;

[[nodiscard]] constexpr Time earlier (Time a, Time b)
{
    if (a == never || b == never)
        return a == never ? b : a;
    return a < b ? a : b;
}

struct Quotient {
    std::uint64_t quotient;
    Word remainder;
};

/// The compiler would call a library for that.
[[nodiscard]] inline Quotient divide (std::uint64_t number, Word divisor)
{
    auto const high = static_cast<Word> (number >> 32);
    Word low = static_cast<Word> (number);
    Word remainder = high % divisor;
    asm ("divl %2" : "+a" (low), "+d" (remainder) : "rm" (divisor) : "cc");
    return { std::uint64_t { high / divisor } << 32 | low, remainder };
}

/// @return false: no length of time
[[nodiscard]] constexpr bool to_time (std::int64_t seconds, std::int32_t nanoseconds, Time& time)
{
    constexpr std::int32_t most = 999'999'999;
    if (seconds < 0 || nanoseconds < 0 || nanoseconds > most)
        return false;
    time = static_cast<Time> (seconds) > longest_time / microseconds_per_second
               ? longest_time
               : static_cast<Time> (seconds) * microseconds_per_second
                     + static_cast<Word> (nanoseconds + 999) / 1000;
    return true;
}
[[nodiscard]] constexpr bool to_time (TimeSpec const& from, Time& time)
{
    return to_time (from.seconds, from.nanoseconds, time);
}
[[nodiscard]] constexpr bool to_time (TimeSpec64 const& from, Time& time)
{
    return to_time (from.seconds, static_cast<std::int32_t> (from.nanoseconds), time);
}
[[nodiscard]] constexpr bool to_time (TimeValue const& from, Time& time)
{
    constexpr std::int32_t most = 999'999;
    return from.microseconds <= most && from.microseconds >= 0
           && to_time (from.seconds, from.microseconds * 1000, time);
}

template <typename T>
[[nodiscard]] T from_time (Time time);

template <>
[[nodiscard]] inline TimeSpec from_time<TimeSpec> (Time time)
{
    Quotient const seconds = divide (time, microseconds_per_second);
    return { static_cast<std::int32_t> (seconds.quotient),
             static_cast<std::int32_t> (seconds.remainder * 1000) };
}
template <>
[[nodiscard]] inline TimeSpec64 from_time<TimeSpec64> (Time time)
{
    Quotient const seconds = divide (time, microseconds_per_second);
    return { static_cast<std::int64_t> (seconds.quotient), seconds.remainder * 1000 };
}
template <>
[[nodiscard]] inline TimeValue from_time<TimeValue> (Time time)
{
    Quotient const seconds = divide (time, microseconds_per_second);
    return { static_cast<std::int32_t> (seconds.quotient),
             static_cast<std::int32_t> (seconds.remainder) };
}

[[nodiscard]] inline ResourceUsage usage_of (Time used)
{
    return { from_time<TimeValue> (used), {}, {} };
}

static_assert (earlier (never, 5) == 5 && earlier (7, never) == 7 && earlier (7, 5) == 5);

}  // namespace unix_server
