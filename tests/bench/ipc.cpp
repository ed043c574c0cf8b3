// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench ipc: a message, one way, user to user.
///
/// One batch is a number of calls to a partner that runs the same loop (loops.asm), less the same
/// number of turns of both loops without the call. What is left is two one-way IPCs per call, each
/// of them three instructions that load registers, the trap, and the kernel.
#include <runtime/info_page.hpp>

#include <framework/message.hpp>
#include <framework/partner.hpp>
#include <framework/partner_task.hpp>
#include <framework/time.hpp>

#include "bench.hpp"
#include "loops.hpp"

namespace bench {

namespace {

using guest::Microseconds;

constexpr Word endless = ~Word { 0 };
constexpr Word tsc_calls = 128;                     ///< few enough to fit between two ticks
constexpr Microseconds kip_batch = 100'000;         ///< 100 ticks: exact to one percent

void serve (void*)
{
    l4::ThreadId const client = rt::info_page ().own;
    bench_serve_ipc (client.low (), client.high ());
}

void serve_messages (void*)
{
    l4::ThreadId const client = rt::info_page ().own;
    bench_serve_messages (client.low (), client.high ());
}

/// The loops of the client.
struct Loops {
    std::uint64_t (*counted) (Word partner_low, Word partner_high);
    void (*plain) (Word partner_low, Word partner_high);
};

constexpr Loops register_loops { bench_ipc_tsc, bench_ipc };
constexpr Loops message_loops { bench_message_tsc, bench_message };

/// The first call of all: shows that the server is there, and fills caches and TLBs.
void greet (l4::ThreadId partner)
{
    if (!rt::call (partner, {}, guest::bounded).dope.ok ())
        fail ("ipc: the partner does not answer");
}

/// Make `calls` calls and see that the server answered just so many.
template <typename Loop>
auto call_partner (Loop loop, l4::ThreadId partner, Word calls)
{
    Word const before = bench_server_turns;
    bench_client_turns = calls;
    auto const time = loop (partner);
    // The server counts an answer when the next call arrives: one behind before and after.
    if (before - bench_server_turns != calls)
        fail ("ipc: calls and answers do not match");
    return time;
}

[[nodiscard]] Word shortened (std::uint64_t time)
{
    if (time >> 32 != 0)
        fail ("a batch took too long to be counted");
    return static_cast<Word> (time);
}

[[nodiscard]] Word tsc_of_calls (Loops const& loops, l4::ThreadId partner, Word calls)
{
    auto const loop = [&] (l4::ThreadId p) { return loops.counted (p.low (), p.high ()); };
    return shortened (call_partner (loop, partner, calls));
}

[[nodiscard]] Word tsc_of_empty_turns (Word turns)
{
    bench_client_turns = turns;
    return shortened (bench_empty_tsc (0, 0));
}

/// From one tick to the end of the loop.
template <typename Loop>
[[nodiscard]] Word microseconds_of (Loop loop)
{
    Microseconds const edge = guest::now ();
    while (guest::now () == edge)
        ;
    return shortened (guest::duration_of (loop));
}

[[nodiscard]] Word microseconds_of_calls (Loops const& loops, l4::ThreadId partner, Word calls)
{
    auto const loop = [&] (l4::ThreadId p) {
        return microseconds_of ([&] { loops.plain (p.low (), p.high ()); });
    };
    return call_partner (loop, partner, calls);
}

[[nodiscard]] Word microseconds_of_empty_turns (Word turns)
{
    bench_client_turns = turns;
    return microseconds_of ([] { bench_empty (0, 0); });
}

/// Fill `samples` with hundredths of counter steps per one-way IPC.
void measure_by_tsc (Loops const& loops, l4::ThreadId partner, Word calls, unsigned batches)
{
    Word overhead = tsc_of_empty_turns (2 * calls);
    for (unsigned i = 1; i < batches; ++i)
        overhead = std::min (overhead, tsc_of_empty_turns (2 * calls));
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = tsc_of_calls (loops, partner, calls);
        samples[i] = per_operation (time - std::min (time, overhead), 2 * calls).value;
    }
}

/// The same in hundredths of nanoseconds.
void measure_by_kip_clock (Loops const& loops, l4::ThreadId partner, unsigned batches)
{
    Word calls = tsc_calls;
    while (microseconds_of_calls (loops, partner, calls) < kip_batch)
        calls *= 2;
    Word const overhead = microseconds_of_empty_turns (2 * calls);
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = microseconds_of_calls (loops, partner, calls);
        Word const nanoseconds = (time - std::min (time, overhead)) * 1000;
        samples[i] = per_operation (nanoseconds, 2 * calls).value;
    }
}

enum class Placement { same_space, different_spaces };

guest::Partner& start (Placement placement, guest::PartnerFunction function)
{
    return placement == Placement::same_space
               ? guest::start_partner (function, nullptr)
               : guest::partner_task ().start (function, nullptr);
}

void measure (Setting const& setting, std::string_view name, Loops const& loops, Word calls,
              guest::Partner& partner)
{
    unsigned const batches = setting.options.batches;
    if (setting.clock.clock == Clock::tsc)
        measure_by_tsc (loops, partner.id (), calls, batches);
    else
        measure_by_kip_clock (loops, partner.id (), batches);
    print_row (setting, { "ipc", name, setting.clock.unit (), summarize ({ samples, batches }),
                          batches });
    partner.release ();
}

void measure_registers (Setting const& setting, std::string_view name, Placement placement)
{
    guest::Partner& partner = start (placement, serve);
    greet (partner.id ());
    measure (setting, name, register_loops, tsc_calls, partner);
}

constexpr Word most_bytes = 16384;

/// A message buffer of one side: a head, and words or the dope of a string.
struct Buffer {
    Word words[3 + 2 + most_bytes / sizeof (Word)];
};

/// Each side sends from one and receives into another.
alignas (l4::page_size) constinit Buffer buffers[4] {};
alignas (l4::page_size) constinit char strings[4][most_bytes] {};

/// A message that carries `bytes` behind w0 and w1 in its words.
[[nodiscard]] Word direct (Buffer& buffer, Word bytes)
{
    Word const dwords = l4::register_dwords + bytes / sizeof (Word);
    return guest::Message { buffer.words, dwords }.sending ().raw ();
}

/// A message with one string.
[[nodiscard]] Word with_string (Buffer& buffer, char* text, Word bytes)
{
    guest::Message message { buffer.words, l4::register_dwords, 1 };
    l4::Address const address = reinterpret_cast<l4::Address> (text);
    message.string (0) = { bytes, address, bytes, address };
    return message.sending ().raw ();
}

/// Both sides send with `send[0]` and receive with `send[1]`, or the other two.
void measure_messages (Setting const& setting, std::string_view name, BenchMessage const& client,
                       BenchMessage const& server)
{
    bench_client_message = client;
    bench_server_message = server;
    guest::Partner& partner = start (Placement::different_spaces, serve_messages);
    bench_client_turns = 1;
    bench_message (partner.id ().low (), partner.id ().high ());        // fills caches and TLBs
    measure (setting, name, message_loops, tsc_calls / 4, partner);
}

void measure_direct (Setting const& setting, std::string_view name, Word bytes)
{
    measure_messages (setting, name, { direct (buffers[0], bytes), direct (buffers[1], bytes), 0 },
                      { direct (buffers[2], bytes), direct (buffers[3], bytes), 0 });
}

void measure_string (Setting const& setting, std::string_view name, Word bytes)
{
    auto const message = [&] (unsigned n) { return with_string (buffers[n], strings[n], bytes); };
    measure_messages (setting, name, { message (0), message (1), 0 },
                      { message (2), message (3), 0 });
}

constexpr l4::Timeout ten_seconds = l4::Timeout::at_least (10'000'000);

}  // namespace

void run_ipc (Setting const& setting)
{
    bench_server_turns = endless;
    measure_registers (setting, "same-space", Placement::same_space);
    measure_registers (setting, "different-spaces", Placement::different_spaces);
    measure_messages (setting, "reply-and-wait", {}, { .send = 0, .receive = 1, .timeouts = 0 });
    Word const limited = l4::Timeouts { ten_seconds, ten_seconds }.raw ();
    measure_messages (setting, "timeouts", { 0, 0, limited }, { 0, 0, limited });
    measure_direct (setting, "direct-8", 8);
    measure_direct (setting, "direct-64", 64);
    measure_direct (setting, "direct-512", 512);
    measure_direct (setting, "direct-4096", 4096);
    measure_string (setting, "string-512", 512);
    measure_string (setting, "string-4096", 4096);
    measure_string (setting, "string-16384", 16384);
}

}  // namespace bench
