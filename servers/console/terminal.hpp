// SPDX-License-Identifier: BSD-2-Clause
/// @file  Output on serial line and screen, for all threads; input from the serial line, for one at
///        a time.
#pragma once

#include <string_view>

namespace console {

/// Find the serial port and the screen. To be called once, before everything else.
void open_terminal ();

/// Text on both. A newline is a carriage return and a newline, unless the text is exact.
void write_terminal (std::string_view text, bool is_exact = false);

/// The next character typed. @return false: there is none yet
[[nodiscard]] bool take_typed (char& key);

/// Begin a line unless the output is at the beginning of one.
void begin_line ();

/// Wait until the last character has left the machine.
void drain_terminal ();

}  // namespace console
