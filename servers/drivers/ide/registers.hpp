// SPDX-License-Identifier: BSD-2-Clause
/// @file  The registers of an AT disk channel, by ATA-2 (X3.279-1996).
#pragma once

#include <l4/word.hpp>

namespace ide {

using l4::Word;

/// Where a channel is, and the line it raises.
struct ChannelPlace {
    Word command;                   ///< first of eight ports
    Word control;
    unsigned line;
};

constexpr ChannelPlace primary { 0x1F0, 0x3F6, 14 };

/// Offsets in the command block.
constexpr Word reg_data = 0;
constexpr Word reg_error = 1;
constexpr Word reg_count = 2;
constexpr Word reg_sector = 3;          // or bits 7..0 of the sector number
constexpr Word reg_cylinder_low = 4;    // 15..8
constexpr Word reg_cylinder_high = 5;   // 23..16
constexpr Word reg_drive = 6;           // 27..24
constexpr Word reg_command = 7;         // reads as the status, and takes the interrupt back

// Status.
constexpr unsigned busy = 0x80;
constexpr unsigned ready = 0x40;
constexpr unsigned write_fault = 0x20;
constexpr unsigned data_request = 0x08;
constexpr unsigned error = 0x01;
constexpr unsigned floating = 0xFF;     // nobody drives the bus

// Error.
constexpr unsigned uncorrectable = 0x40;
constexpr unsigned id_not_found = 0x10;

// Drive register.
constexpr unsigned drive_fixed = 0xA0;
constexpr unsigned drive_linear = 0x40;
constexpr unsigned drive_second = 0x10;

// Control register.
constexpr unsigned control_fixed = 0x08;
constexpr unsigned control_reset = 0x04;
constexpr unsigned control_no_interrupts = 0x02;

// Commands.
constexpr unsigned command_read = 0x20;
constexpr unsigned command_write = 0x30;
constexpr unsigned command_set_parameters = 0x91;
constexpr unsigned command_flush = 0xE7;
constexpr unsigned command_identify = 0xEC;

}  // namespace ide
