// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench ipc: a short message, one way, user to user.
///
/// One batch is a number of calls to a partner that runs the same loop (loops.asm), less the same
/// number of turns of both loops without the call. What is left is two one-way IPCs per call, each
/// of them three instructions that load registers, the trap, and the kernel.
#include <runtime/info_page.hpp>

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

[[nodiscard]] Word tsc_of_calls (l4::ThreadId partner, Word calls)
{
    auto const loop = [] (l4::ThreadId p) { return bench_ipc_tsc (p.low (), p.high ()); };
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

[[nodiscard]] Word microseconds_of_calls (l4::ThreadId partner, Word calls)
{
    auto const loop = [] (l4::ThreadId p) {
        return microseconds_of ([p] { bench_ipc (p.low (), p.high ()); });
    };
    return call_partner (loop, partner, calls);
}

[[nodiscard]] Word microseconds_of_empty_turns (Word turns)
{
    bench_client_turns = turns;
    return microseconds_of ([] { bench_empty (0, 0); });
}

/// Fill `samples` with hundredths of counter steps per one-way IPC.
void measure_by_tsc (l4::ThreadId partner, unsigned batches)
{
    Word overhead = tsc_of_empty_turns (2 * tsc_calls);
    for (unsigned i = 1; i < batches; ++i)
        overhead = std::min (overhead, tsc_of_empty_turns (2 * tsc_calls));
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = tsc_of_calls (partner, tsc_calls);
        samples[i] = per_operation (time - std::min (time, overhead), 2 * tsc_calls).value;
    }
}

/// The same in hundredths of nanoseconds.
void measure_by_kip_clock (l4::ThreadId partner, unsigned batches)
{
    Word calls = tsc_calls;
    while (microseconds_of_calls (partner, calls) < kip_batch)
        calls *= 2;
    Word const overhead = microseconds_of_empty_turns (2 * calls);
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = microseconds_of_calls (partner, calls);
        Word const nanoseconds = (time - std::min (time, overhead)) * 1000;
        samples[i] = per_operation (nanoseconds, 2 * calls).value;
    }
}

void measure (Setting const& setting, std::string_view name, guest::Partner& partner)
{
    unsigned const batches = setting.options.batches;
    greet (partner.id ());
    if (setting.clock.clock == Clock::tsc)
        measure_by_tsc (partner.id (), batches);
    else
        measure_by_kip_clock (partner.id (), batches);
    print_row (setting, { "ipc", name, setting.clock.unit (), summarize ({ samples, batches }),
                          batches });
    partner.release ();
}

}  // namespace

void run_ipc (Setting const& setting)
{
    bench_server_turns = endless;
    measure (setting, "same-space", guest::start_partner (serve, nullptr));
    measure (setting, "different-spaces", guest::partner_task ().start (serve, nullptr));
}

}  // namespace bench
