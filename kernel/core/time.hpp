// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's clock: ticks since the start, and timeouts in ticks.
#pragma once

#include <core/timeout_queue.hpp>
#include <l4/timeout.hpp>

namespace kernel {

/// The period of the clock interrupt.
constexpr std::uint32_t tick_microseconds = 1000;

/// Ticks since the start; wraps after 49 days.
extern Tick now asm ("now");

/// `us` / 1000, without the compiler's library for 64-bit division.
/// @param us  below 2^48
[[nodiscard]] constexpr std::uint32_t milliseconds (std::uint64_t us)
{
    if (us >> 32 == 0)
        return static_cast<std::uint32_t> (us) / 1000;
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

/// The same for timeouts of exponents from `first_scaled_exponent` on, up to a minute, without a
/// division: `mantissa` * 4^(15 - e) / 1000, rounded up. For the fast paths of ipc.
constexpr l4::Word first_scaled_exponent = 6;
constexpr l4::Word tick_scale = (1U << 30) / 125;
constexpr unsigned tick_scale_shift = 3;
[[nodiscard]] constexpr std::uint32_t scaled_ticks_at_least (l4::Timeout timeout)
{
    return (timeout.mantissa * tick_scale >> 2 * timeout.exponent >> tick_scale_shift) + 1;
}

static_assert (milliseconds (255ULL << 28) == (255ULL << 28) / 1000);
static_assert (milliseconds (999) == 0 && milliseconds (1000) == 1);
static_assert (ticks_at_least ({ 10, 100 }) == 103);        // 102.4 ms
static_assert ([] {
    for (l4::Word exponent = first_scaled_exponent; exponent < 16; ++exponent)
        for (l4::Word mantissa = 1; mantissa < 256; ++mantissa)
            if (scaled_ticks_at_least ({ exponent, mantissa })
                != ticks_at_least ({ exponent, mantissa }))
                return false;
    return true;
} ());

}  // namespace kernel
