// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where boot prints: the serial port and, the same, the screen. And how it stops.
#pragma once

#include <device/uart16550.hpp>
#include <device/vga_text.hpp>
#include <lib/format.hpp>
#include <lib/options.hpp>

#include "failure.hpp"

namespace boot {

class Console {
public:
    constexpr Console () = default;

    void start (lib::BootOptions::Serial serial);
    [[nodiscard]] bool is_started () const { return screen_.buffer () != nullptr; }

    /// A newline becomes carriage return and newline on the serial line.
    void put (char c);

private:
    ia32::Uart16550 serial_ {};
    ia32::VgaText screen_ {};
};

/// The one console.
extern Console console;

/// Prints a line that begins with "boot: ".
template <typename... Arguments>
void say (Arguments const&... arguments)
{
    lib::print (console, "boot: ", arguments..., '\n');
}

/// Stops for good. An emulator is told to leave, with a status that says "error" where it can.
[[noreturn]] void stop ();

/// Prints the one line of a fatal error, on a default console if none was started, and stops.
template <typename... Arguments>
[[noreturn]] void fail (Arguments const&... arguments)
{
    if (!console.is_started ())
        console.start ({});
    say ("error: ", arguments...);
    stop ();
}

/// Returns only if `failure` is none.
inline void insist (Failure const& failure)
{
    if (failure)
        fail (failure);
}

}  // namespace boot
