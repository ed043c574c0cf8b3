// SPDX-License-Identifier: BSD-2-Clause
/// @file  Programmable interval timer: channel 0 is the kernel's clock, channel 2 measures.
///
/// Source: Intel 8254 data sheet, order number 231164.
#pragma once

#include <cstdint>

namespace ia32 {

class Pit8254 {
public:
    static constexpr std::uint32_t frequency = 1193182;     ///< Hz

    /// Interrupt on line 0 every `divisor` cycles of the input clock.
    static void start_periodic (std::uint16_t divisor);

    /// Start counting `cycles` down on channel 2; `is_over` tells when they have passed.
    static void start_measurement (std::uint16_t cycles);
    [[nodiscard]] static bool is_over ();
};

}  // namespace ia32
