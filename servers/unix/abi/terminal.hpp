// SPDX-License-Identifier: BSD-2-Clause
/// @file  Terminals of Linux/i386: settings, and the numbers of ioctl.
///
/// Source: Linux, include/uapi/asm-generic/termbits.h, termios.h and ioctls.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

using l4::Word;

namespace terminal_input {

constexpr Word strip = 0x20, newline_to_return = 0x40, ignore_return = 0x80,
               return_to_newline = 0x100, flow_control = 0x400, any_key_starts = 0x800,
               bell_when_full = 0x2000;

}  // namespace terminal_input

namespace terminal_output {

constexpr Word process = 1, newline_to_both = 4, return_to_newline = 8, no_return_at_begin = 0x10,
               newline_returns = 0x20, tabs = 0x1800;

}  // namespace terminal_output

namespace terminal_control {

constexpr Word speed_38400 = 0xF, eight_bits = 0x30, receives = 0x80, hangs_up = 0x400;

}  // namespace terminal_control

namespace terminal_local {

constexpr Word signals = 1, canonical = 2, echo = 8, echo_erase = 0x10, echo_kill = 0x20,
               echo_newline = 0x40, no_flush = 0x80, stop_background = 0x100,
               echo_control = 0x200, echo_kill_by_erasing = 0x800, extended = 0x8000;

}  // namespace terminal_local

/// Places in TerminalSettings::keys.
namespace terminal_key {

constexpr std::size_t interrupt = 0, quit = 1, erase = 2, kill = 3, end_of_file = 4, time = 5,
                      least = 6, start = 8, stop = 9, suspend = 10, end_of_line = 11,
                      reprint = 12, discard = 13, erase_word = 14, literally = 15,
                      end_of_line_2 = 16, count = 19;

}  // namespace terminal_key

struct TerminalSettings {
    Word input;
    Word output;
    Word control;
    Word local;
    std::uint8_t discipline;
    std::uint8_t keys[terminal_key::count];
};

struct WindowSize {
    std::uint16_t rows, columns, width, height;
};

namespace terminal_request {

constexpr Word get_settings = 0x5401, set_settings = 0x5402, set_settings_when_written = 0x5403,
               set_settings_and_flush = 0x5404, flush = 0x540B, become_controlling = 0x540E,
               get_foreground = 0x540F, set_foreground = 0x5410, unread_output = 0x5411,
               get_window_size = 0x5413, set_window_size = 0x5414, readable_bytes = 0x541B,
               give_up_controlling = 0x5422, get_session = 0x5429, send_break = 0x5409,
               flow = 0x540A;

}  // namespace terminal_request

static_assert (sizeof (TerminalSettings) == 36 && sizeof (WindowSize) == 8);

}  // namespace unix_server
