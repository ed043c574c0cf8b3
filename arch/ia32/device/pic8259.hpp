// SPDX-License-Identifier: BSD-2-Clause
/// @file  The two 8259A interrupt controllers of the AT: lines 0..15, line 2 is the cascade.
///
/// Source: Intel 8259A data sheet, order number 231468.
#pragma once

#include <cstdint>

namespace ia32 {

class Pic8259 {
public:
    static constexpr unsigned lines = 16;
    static constexpr unsigned first_vector = 0x20;
    static constexpr unsigned timer_line = 0;
    static constexpr unsigned cascade_line = 2;

    static constexpr std::uint16_t master_command = 0x20, master_data = 0x21;
    static constexpr std::uint16_t slave_command = 0xA0, slave_data = 0xA1;
    static constexpr std::uint8_t specific_end = 0x60;      ///< a command: OCW2, with the line

    /// Program both chips and mask every line.
    static void initialise ();

    static void mask (unsigned line);
    static void unmask (unsigned line);
    /// Specific end of interrupt: the line may interrupt again.
    static void acknowledge (unsigned line);
    /// Lines 7 and 15 also report requests that went away before they were served.
    /// @return whether this is one; then it is over
    [[nodiscard]] static bool end_spurious (unsigned line);

    /// The clock is the kernel's, and the cascade is no line of a device.
    [[nodiscard]] static constexpr bool is_for_users (unsigned line)
    {
        return line < lines && line != timer_line && line != cascade_line;
    }
};

}  // namespace ia32
