// SPDX-License-Identifier: BSD-2-Clause
/// @file  A driver as its clients see it: something with a name that may die and comes back.
///
///     drivers::Device disk { "ide" };
///     drivers::Message message { buffer, sizeof buffer };
///     message.ask (Read { ... });
///     if (disk.ask (message) == rt::Error::unavailable) ...   // it died: ask again
///
/// Error::unavailable is the error to try again after: nothing is known about the request, and
/// the next call finds the driver's next life. Every other error is the driver's answer. What a
/// driver has acknowledged is done.
///
/// A driver waits for no client: the memory of bytes that go or come must be there, so it is
/// touched before (Error::unavailable if a pager took it away again).
#pragma once

#include <string_view>

#include "message.hpp"

namespace drivers {

/// A driver by its name, from life to life.
class Device {
public:
    constexpr explicit Device (std::string_view name) : name_ { name } {}

    /// Send the request in `message` and have the answer there. The driver is started if it does
    /// not run; one that takes the request and does not answer is told to the supervisor.
    [[nodiscard]] rt::Error ask (Message& message);

    /// Its thread; nil: not found yet, or lost.
    [[nodiscard]] l4::ThreadId thread () const { return thread_; }
    /// Find it, or have it started. @return whether it is there
    bool find ();

private:
    std::string_view name_;
    l4::ThreadId thread_ {};
};

/// Do `attempt` again until the driver lives long enough to answer it, but not forever.
template <typename Attempt>
[[nodiscard]] rt::Error persist (Attempt attempt)
{
    constexpr unsigned most_lives = 50;
    rt::Error error = rt::Error::unavailable;
    for (unsigned i = 0; i < most_lives && error == rt::Error::unavailable; ++i)
        error = attempt ();
    return error;
}

}  // namespace drivers
