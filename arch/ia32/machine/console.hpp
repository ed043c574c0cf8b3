// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's own console: serial port and screen, polled. For start-up messages and
/// panics; afterwards both devices belong to user mode, but l4env tasks can have the kernel write
/// to the serial line and read from it.
#pragma once

#include <device/uart16550.hpp>
#include <device/vga_text.hpp>
#include <lib/options.hpp>

namespace machine {

class Console {
public:
    void initialise (lib::BootOptions::Serial serial);
    void put (char c);

    // The serial line alone, a character as it is.
    [[nodiscard]] bool line_is_busy () const { return !uart_.can_put (); }
    void put_on_line (char c) { uart_.put (c); }
    /// A character that has arrived, or -1.
    [[nodiscard]] int read_line () const { return uart_.poll (); }

private:
    ia32::Uart16550 uart_;
    ia32::VgaText screen_;
};

extern Console console;

}  // namespace machine
