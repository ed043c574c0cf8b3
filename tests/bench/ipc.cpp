// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench ipc: a message, one way, user to user.
///
/// Each call is two one-way IPCs, each of them three instructions that load registers, the trap,
/// and the kernel.
#include <framework/time.hpp>

#include "ipc_loops.hpp"
#include "messages.hpp"

namespace bench {

namespace {

/// Both sides send from one buffer and receive into another.
void measure_direct (Setting const& setting, std::string_view name, Word bytes)
{
    auto const message = [&] (unsigned n) { return direct_message (n, bytes); };
    measure_messages (setting, "ipc", name, message_loops, { message (0), message (1), 0 },
                      { message (2), message (3), 0 });
}

void measure_string (Setting const& setting, std::string_view name, Word bytes)
{
    auto const message = [&] (unsigned n) { return string_message (n, bytes); };
    measure_messages (setting, "ipc", name, message_loops, { message (0), message (1), 0 },
                      { message (2), message (3), 0 });
}

/// By who lives in a small space. Where nobody does, the last one alone.
void measure_placements (Setting const& setting)
{
    if (is_client_small ()) {
        require_small_server ();
        measure_registers (setting, "ipc", "small-small", Placement::different_spaces);
        measure_registers (setting, "ipc", "small-large", Placement::large_server);
        make_client_large ();
    }
    measure_registers (setting, "ipc", "large-large", Placement::large_server);
}

constexpr l4::Timeout ten_seconds = l4::Timeout::at_least (10'000'000);

}  // namespace

void run_ipc (Setting const& setting)
{
    measure_registers (setting, "ipc", "same-space", Placement::same_space);
    measure_registers (setting, "ipc", "different-spaces", Placement::different_spaces);
    measure_messages (setting, "ipc", "reply-and-wait", message_loops, {},
                      { .send = 0, .receive = 1, .timeouts = 0 });
    Word const limited = l4::Timeouts { ten_seconds, ten_seconds }.raw ();
    measure_messages (setting, "ipc", "timeouts", message_loops, { 0, 0, limited },
                      { 0, 0, limited });
    Word const none = ~Word { 0 };
    measure_messages (setting, "ipc", "halves", message_loops, { 0, none, 0 }, { none, 1, 0 });
    measure_direct (setting, "direct-8", 8);
    measure_direct (setting, "direct-64", 64);
    measure_direct (setting, "direct-512", 512);
    measure_direct (setting, "direct-4096", 4096);
    measure_string (setting, "string-512", 512);
    measure_string (setting, "string-4096", 4096);
    measure_string (setting, "string-16384", 16384);
    measure_placements (setting);
}

}  // namespace bench
