// SPDX-License-Identifier: BSD-2-Clause
/// @file  Times of Linux/i386, as calls pass them.
///
/// Source: Linux, include/uapi/linux/time.h, time_types.h; include/uapi/linux/times.h.
#pragma once

#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

using l4::Word;

struct TimeSpec {                       ///< timespec of 32 bits
    std::int32_t seconds;
    std::int32_t nanoseconds;
};
struct TimeSpec64 {
    std::int64_t seconds;
    std::int64_t nanoseconds;           ///< the upper half does not count
};
struct TimeValue {                      ///< timeval
    std::int32_t seconds;
    std::int32_t microseconds;
};
struct TimeZone {
    std::int32_t minutes_west;
    std::int32_t summer_time;
};
struct IntervalTimer {
    TimeValue interval;
    TimeValue value;
};
struct ProcessTimes {                   ///< tms, in clock ticks
    Word user, system, children_user, children_system;
};

/// What a process has used, as getrusage and wait4 tell it.
struct ResourceUsage {
    TimeValue user;
    TimeValue system;
    Word others[14];
};

namespace clock_id {

constexpr Word real_time = 0, monotonic = 1, process_time = 2, thread_time = 3, monotonic_raw = 4,
               real_time_coarse = 5, monotonic_coarse = 6, boot_time = 7;

}  // namespace clock_id

constexpr Word timer_absolute = 1;
constexpr std::uint64_t ticks_per_second = 100;

constexpr std::uint64_t microseconds_per_second = 1'000'000;

static_assert (sizeof (TimeSpec64) == 16 && sizeof (IntervalTimer) == 16
               && sizeof (ResourceUsage) == 72);

}  // namespace unix_server
