// SPDX-License-Identifier: BSD-2-Clause
/// @file  Rounding to powers of two.
#pragma once

#include <concepts>

namespace lib {

template <std::unsigned_integral T>
[[nodiscard]] constexpr bool is_power_of_two (T value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

/// @param alignment  a power of two
template <std::unsigned_integral T>
[[nodiscard]] constexpr T align_down (T value, T alignment)
{
    return value & ~(alignment - 1);
}

/// @param alignment  a power of two
/// @pre   the result fits T; otherwise it wraps around to 0
template <std::unsigned_integral T>
[[nodiscard]] constexpr T align_up (T value, T alignment)
{
    return (value + (alignment - 1)) & ~(alignment - 1);
}

template <std::unsigned_integral T>
[[nodiscard]] constexpr bool is_aligned (T value, T alignment)
{
    return (value & (alignment - 1)) == 0;
}

static_assert (align_up (0x1001u, 0x1000u) == 0x2000u && align_down (0x1FFFu, 0x1000u) == 0x1000u);

}  // namespace lib
