// SPDX-License-Identifier: BSD-2-Clause
/// @file  The measured loops of loops.asm. Each runs `bench_client_turns` turns.
#pragma once

#include <l4/word.hpp>

extern "C" {

extern l4::Word volatile bench_client_turns;
extern l4::Word volatile bench_server_turns;

/// Calls to the partner; @return the advance of the time stamp counter
std::uint64_t bench_ipc_tsc (l4::Word partner_low, l4::Word partner_high);
/// The same without calls.
std::uint64_t bench_empty_tsc (l4::Word partner_low, l4::Word partner_high);
void bench_ipc (l4::Word partner_low, l4::Word partner_high);
void bench_empty (l4::Word partner_low, l4::Word partner_high);
/// Answer the client's calls.
void bench_serve_ipc (l4::Word client_low, l4::Word client_high);

/// What an ipc of the message loops passes.
struct BenchMessage {
    l4::Word send;                  ///< send descriptor
    l4::Word receive;               ///< receive descriptor
    l4::Word timeouts;
};
extern BenchMessage bench_client_message;
extern BenchMessage bench_server_message;

/// As the loops without `message`, with these descriptors instead of registers and no timeouts.
std::uint64_t bench_message_tsc (l4::Word partner_low, l4::Word partner_high);
void bench_message (l4::Word partner_low, l4::Word partner_high);
void bench_serve_messages (l4::Word client_low, l4::Word client_high);

/// The same for a client that touches `bench_pages` pages before each call. A turn of the empty
/// loop is one of the client and one of the server.
std::uint64_t bench_rpc_tsc (l4::Word partner_low, l4::Word partner_high);
std::uint64_t bench_empty_rpc_tsc (l4::Word, l4::Word);
void bench_rpc (l4::Word partner_low, l4::Word partner_high);
void bench_empty_rpc (l4::Word, l4::Word);
extern l4::Word bench_pages;
extern l4::Address bench_pages_begin;

/// Raise the keyboard's line; @return the time stamp before
l4::Word bench_raise_line_tsc ();
/// The same while nobody handles it; @return the advance of the time stamp counter
l4::Word bench_raise_nothing_tsc ();
/// Serve a line, and note the time stamp of each beginning in `bench_interrupt_time`.
[[noreturn]] void bench_handle_interrupts_tsc (l4::Word interrupt_low);
extern l4::Word volatile bench_interrupt_time;

/// The time stamp counter.
std::uint64_t bench_counter_tsc ();

extern l4::Word const bench_known_count;
l4::Word bench_known_instructions ();
void bench_read_tsc ();

}  // extern "C"
