// SPDX-License-Identifier: BSD-2-Clause
/// @file  The registers of an NE2000 card: National's DP8390D (data sheet, 1995), 16 KB of memory
///        behind a port of 16 bits, and a PROM with the address.
#pragma once

#include <l4/word.hpp>

namespace ne2000 {

using l4::Word;

/// Offsets from the card's base. Registers 1 to 15 are another set in each page.
constexpr Word reg_command = 0x00;
constexpr Word reg_data = 0x10;
constexpr Word reg_reset = 0x1F;

// Page 0.
constexpr Word reg_page_start = 0x01;
constexpr Word reg_page_stop = 0x02;
constexpr Word reg_boundary = 0x03;
constexpr Word reg_transmit_status = 0x04;      // read
constexpr Word reg_transmit_page = 0x04;        // write
constexpr Word reg_transmit_count = 0x05;       // low byte, the high one follows
constexpr Word reg_interrupt_status = 0x07;
constexpr Word reg_remote_address = 0x08;       // low, high
constexpr Word reg_remote_count = 0x0A;         // low, high
constexpr Word reg_receive_configuration = 0x0C;
constexpr Word reg_transmit_configuration = 0x0D;
constexpr Word reg_data_configuration = 0x0E;
constexpr Word reg_interrupt_mask = 0x0F;
constexpr Word reg_alignment_errors = 0x0D;     // read: these three are zero then
constexpr Word reg_crc_errors = 0x0E;
constexpr Word reg_missed = 0x0F;

// Page 1.
constexpr Word reg_address = 0x01;              // six bytes
constexpr Word reg_current = 0x07;
constexpr Word reg_multicast = 0x08;            // eight bytes

// Command.
constexpr unsigned stopped = 0x01;
constexpr unsigned started = 0x02;
constexpr unsigned transmit = 0x04;
constexpr unsigned remote_read = 0x08;
constexpr unsigned remote_write = 0x10;
constexpr unsigned no_remote = 0x20;
constexpr unsigned page_1 = 0x40;

// Interrupt status and mask.
constexpr unsigned received = 0x01;
constexpr unsigned transmitted = 0x02;
constexpr unsigned receive_error = 0x04;
constexpr unsigned transmit_error = 0x08;
constexpr unsigned overrun = 0x10;
constexpr unsigned counters_half_full = 0x20;
constexpr unsigned remote_done = 0x40;
constexpr unsigned was_reset = 0x80;
constexpr unsigned all_interrupts = 0xFF;
constexpr unsigned wanted_interrupts
    = received | transmitted | receive_error | transmit_error | overrun | counters_half_full;

// Configuration.
constexpr unsigned data_words = 0x49;           // 16 bits at a time, FIFO of 8 bytes, no loopback
constexpr unsigned transmit_normal = 0x00;
constexpr unsigned transmit_loopback = 0x02;
constexpr unsigned receive_broadcast = 0x04;    // and what is for this address
constexpr unsigned receive_monitor = 0x20;      // nothing reaches memory

// The card's memory, in pages of 256 bytes: one frame to send, the rest is the ring.
constexpr Word page_bytes = 256;
constexpr Word transmit_page = 0x40;
constexpr Word ring_start = 0x46;
constexpr Word ring_stop = 0x80;

// In front of a frame in the ring: status, next page, count with CRC (low, high).
constexpr Word header_bytes = 4;
constexpr Word crc_bytes = 4;
constexpr unsigned header_intact = 0x01;

// The PROM: a byte in each word.
constexpr Word prom_words = 16;
constexpr Word prom_signature = 0x57;           // in its last two

constexpr Word least_frame = 60;
constexpr Word most_frame = 1514;

}  // namespace ne2000
