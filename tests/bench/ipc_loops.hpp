// SPDX-License-Identifier: BSD-2-Clause
/// @file  Measuring a loop of calls to a partner that runs the like (loops.asm).
///
/// One batch is a number of calls, less the same number of turns of both loops without the call.
#pragma once

#include <framework/partner.hpp>

#include "bench.hpp"
#include "loops.hpp"
#include "placement.hpp"

namespace bench {

/// The loops of the client, with the time stamp counter and without.
struct Loops {
    std::uint64_t (*counted) (Word partner_low, Word partner_high);
    void (*plain) (Word partner_low, Word partner_high);
    std::uint64_t (*empty_counted) (Word, Word);
    void (*empty_plain) (Word, Word);
    Word per_call;              ///< operations, and turns of the empty loop: 2 ways, or 1 trip
};

/// Two words in registers, each way; one way counts.
constexpr Loops register_loops { bench_ipc_tsc, bench_ipc, bench_empty_tsc, bench_empty, 2 };
/// What bench_client_message and bench_server_message say; one way counts.
constexpr Loops message_loops { bench_message_tsc, bench_message, bench_empty_tsc, bench_empty,
                                2 };
/// The same for a client that touches pages between its calls; both ways count as one.
constexpr Loops rpc_loops { bench_rpc_tsc, bench_rpc, bench_empty_rpc_tsc, bench_empty_rpc, 1 };

constexpr Word tsc_calls = 128;         ///< few enough to fit between two ticks

/// Two words in registers.
void measure_registers (Setting const& setting, std::string_view benchmark, std::string_view name,
                        Placement placement);

/// With these descriptors, between address spaces.
void measure_messages (Setting const& setting, std::string_view benchmark, std::string_view name,
                       Loops const& loops, BenchMessage const& client, BenchMessage const& server,
                       Placement placement = Placement::different_spaces);

}  // namespace bench
