// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's clock: ticks since the start, and timeouts in ticks.
#pragma once

#include <core/timeout_queue.hpp>
#include <l4/timeout.hpp>

namespace kernel {

/// The period of the clock interrupt.
constexpr std::uint32_t tick_microseconds = 1000;

/// Ticks since the start; wraps after 49 days.
extern Tick now;

/// `us` / 1000, without the compiler's library for 64-bit division.
/// @param us  below 2^48
[[nodiscard]] constexpr std::uint32_t milliseconds (std::uint64_t us)
{
    std::uint32_t quotient = 0;
    std::uint32_t rest = 0;
    for (unsigned shift = 32 + 16; shift != 0;) {
        shift -= 16;
        std::uint32_t const part = rest << 16 | static_cast<std::uint16_t> (us >> shift);
        quotient = quotient << 16 | part / 1000;
        rest = part % 1000;
    }
    return quotient;
}

/// Length of a finite timeout, rounded up to ticks.
[[nodiscard]] constexpr std::uint32_t ticks_at_least (l4::Timeout timeout)
{
    static_assert (tick_microseconds == 1000);
    return milliseconds (timeout.microseconds () + tick_microseconds - 1);
}

static_assert (milliseconds (255ULL << 28) == (255ULL << 28) / 1000);
static_assert (milliseconds (999) == 0 && milliseconds (1000) == 1);
static_assert (ticks_at_least ({ 10, 100 }) == 103);        // 102.4 ms

}  // namespace kernel
