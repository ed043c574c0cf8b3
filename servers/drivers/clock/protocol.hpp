// SPDX-License-Identifier: BSD-2-Clause
/// @file  The wall clock: what time it is, and to be told when it is.
///
/// Times are seconds since the beginning of 1970, in whatever zone the clock runs.
#pragma once

#include <drivers/protocol.hpp>

#include "date.hpp"

namespace wall {

struct Now {
    static constexpr Word operation = 0x48;
    struct Answer {
        Word seconds;
    };
};

/// bad_request: no time that the clock can show. Alarms stay at the time they were set for.
struct Set {
    static constexpr Word operation = 0x49;
    using Answer = rt::Nothing;
    Word seconds;
};

/// Answered when it is that late, at once if it was before. no_place: too many wait already.
struct Alarm {
    static constexpr Word operation = 0x4A;
    struct Answer {
        Word seconds;                   ///< what time it is now
    };
    Word seconds;
};

constexpr Word most_alarms = 16;

/// The clock as a client uses it. A copy of the driver's answer, or rt::Error::unavailable.
class Clock {
public:
    constexpr explicit Clock (std::string_view driver = "rtc") : device_ { driver } {}

    [[nodiscard]] rt::Reply<Now::Answer> now ();
    [[nodiscard]] rt::Error set (Word seconds);
    /// @param seconds  since 1970, not from now
    [[nodiscard]] rt::Reply<Alarm::Answer> wait_until (Word seconds);

    [[nodiscard]] drivers::Device& device () { return device_; }

private:
    drivers::Device device_;
};

}  // namespace wall
