// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's own console: serial port and screen, polled. For start-up messages and
/// panics; afterwards both devices belong to user mode.
#pragma once

#include <device/uart16550.hpp>
#include <device/vga_text.hpp>
#include <lib/options.hpp>

namespace machine {

class Console {
public:
    void initialise (lib::BootOptions::Serial serial);
    void put (char c);

private:
    ia32::Uart16550 uart_;
    ia32::VgaText screen_;
};

extern Console console;

}  // namespace machine
