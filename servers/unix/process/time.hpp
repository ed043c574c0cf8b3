// SPDX-License-Identifier: BSD-2-Clause
/// @file  Points in time: microseconds since the machine was started.
#pragma once

#include <cstdint>

namespace unix_server {

using Time = std::uint64_t;

/// Nothing happens at the very start.
constexpr Time never = 0;

[[nodiscard]] constexpr Time earlier (Time a, Time b)
{
    if (a == never || b == never)
        return a == never ? b : a;
    return a < b ? a : b;
}

static_assert (earlier (never, 5) == 5 && earlier (7, never) == 7 && earlier (7, 5) == 5);

}  // namespace unix_server
