// SPDX-License-Identifier: BSD-2-Clause
/// @file  What time is measured with, and in which unit.
///
/// The time stamp counter if reading it does not fault, else the clock in the kernel info page,
/// which advances by whole ticks and so needs long batches. Some emulators count one instruction
/// as one step of the counter; then a figure is exact and the same in every run, and is called
/// what it is.
#pragma once

#include <string_view>

#include "options.hpp"

namespace bench {

enum class Clock { tsc, kip };

struct ClockInfo {
    Clock clock { Clock::kip };
    bool counts_instructions { false };
    bool available { false };           ///< the one that was asked for

    [[nodiscard]] std::string_view unit () const
    {
        if (clock == Clock::kip)
            return "ns";
        return counts_instructions ? "instructions" : "cycles";
    }
};

[[nodiscard]] ClockInfo choose_clock (ClockChoice choice);

}  // namespace bench
