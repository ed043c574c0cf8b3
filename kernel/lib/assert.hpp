// SPDX-License-Identifier: BSD-2-Clause
/// @file  ASSERT and CHECK: what must be true if we made no mistake.
///
/// ASSERT is for the inside of the kernel and disappears unless PECAN_ASSERTIONS is 1; its
/// expression is always compiled but then never evaluated, so it must not have side effects.
/// CHECK is for cheap conditions of initialisation and stays in every image. Neither ever judges
/// user input.
#pragma once

#ifndef PECAN_ASSERTIONS
#define PECAN_ASSERTIONS 0
#endif

namespace lib {

/// Link seam: the kernel panics, host tests throw.
[[noreturn]] void assertion_failed (char const* expression, char const* file, int line);

/// Whether this translation unit evaluates ASSERT.
inline constexpr bool assertions = PECAN_ASSERTIONS != 0;

}  // namespace lib

#define CHECK(...)                                                                                 \
    (static_cast<bool> (__VA_ARGS__)                                                               \
         ? static_cast<void> (0)                                                                   \
         : ::lib::assertion_failed (#__VA_ARGS__, __FILE__, __LINE__))

#define ASSERT(...)                                                                                \
    (!PECAN_ASSERTIONS || static_cast<bool> (__VA_ARGS__)                                          \
         ? static_cast<void> (0)                                                                   \
         : ::lib::assertion_failed (#__VA_ARGS__, __FILE__, __LINE__))
