// SPDX-License-Identifier: BSD-2-Clause
/// @file  Time in test cases: short waits, and limits so that nothing waits forever.
#pragma once

#include <runtime/ipc.hpp>
#include <runtime/kip.hpp>

namespace guest {

using Microseconds = std::uint64_t;

constexpr Microseconds kernel_tick = 1000;

/// Limits for both phases of an ipc that is expected to succeed.
[[nodiscard]] constexpr l4::Timeouts within (unsigned milliseconds)
{
    l4::Timeout const limit = l4::Timeout::at_least (std::uint64_t { milliseconds } * 1000);
    return { limit, limit };
}

/// Long enough for anything that is going to happen, short enough for a suite.
constexpr l4::Timeouts bounded = within (2000);
constexpr l4::Timeouts no_waiting { l4::Timeout::zero (), l4::Timeout::zero () };

[[nodiscard]] inline Microseconds now () { return rt::clock (); }

inline void sleep_milliseconds (unsigned milliseconds)
{
    rt::sleep (l4::Timeout::at_least (std::uint64_t { milliseconds } * 1000));
}

/// Let every ready thread run until it blocks. Threads that never block get a time slice at most.
inline void settle () { sleep_milliseconds (4); }

/// How long `action` takes by the kernel's clock: exact to a tick.
template <typename Action>
[[nodiscard]] Microseconds duration_of (Action action)
{
    Microseconds const begin = now ();
    action ();
    return now () - begin;
}

}  // namespace guest
