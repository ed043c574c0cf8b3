// SPDX-License-Identifier: BSD-2-Clause
#include "ipc_loops.hpp"

#include <runtime/info_page.hpp>

#include <framework/partner_task.hpp>
#include <framework/time.hpp>

namespace bench {

namespace {

using guest::Microseconds;

constexpr Word endless = ~Word { 0 };
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

[[nodiscard]] Word tsc_of_empty_turns (Loops const& loops, Word turns)
{
    bench_client_turns = turns;
    return shortened (loops.empty_counted (0, 0));
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

[[nodiscard]] Word microseconds_of_empty_turns (Loops const& loops, Word turns)
{
    bench_client_turns = turns;
    return microseconds_of ([&] { loops.empty_plain (0, 0); });
}

/// Fill `samples` with hundredths of counter steps per operation.
void measure_by_tsc (Loops const& loops, l4::ThreadId partner, Word calls, unsigned batches)
{
    Word const operations = loops.per_call * calls;
    Word overhead = tsc_of_empty_turns (loops, operations);
    for (unsigned i = 1; i < batches; ++i)
        overhead = std::min (overhead, tsc_of_empty_turns (loops, operations));
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = tsc_of_calls (loops, partner, calls);
        samples[i] = per_operation (time - std::min (time, overhead), operations).value;
    }
}

/// The same in hundredths of nanoseconds.
void measure_by_kip_clock (Loops const& loops, l4::ThreadId partner, unsigned batches)
{
    Word calls = tsc_calls;
    while (microseconds_of_calls (loops, partner, calls) < kip_batch)
        calls *= 2;
    Word const operations = loops.per_call * calls;
    Word const overhead = microseconds_of_empty_turns (loops, operations);
    for (unsigned i = 0; i < batches; ++i) {
        Word const time = microseconds_of_calls (loops, partner, calls);
        Word const nanoseconds = (time - std::min (time, overhead)) * 1000;
        samples[i] = per_operation (nanoseconds, operations).value;
    }
}

guest::Partner& start (Placement placement, guest::PartnerFunction function)
{
    bench_server_turns = endless;
    return placement == Placement::same_space
               ? guest::start_partner (function, nullptr)
               : server_task (placement).start (function, nullptr);
}

void measure (Setting const& setting, std::string_view benchmark, std::string_view name,
              Loops const& loops, Word calls, guest::Partner& partner)
{
    unsigned const batches = setting.options.batches;
    if (setting.clock.clock == Clock::tsc)
        measure_by_tsc (loops, partner.id (), calls, batches);
    else
        measure_by_kip_clock (loops, partner.id (), batches);
    print_samples (setting, benchmark, name);
    partner.release ();
}

}  // namespace

void measure_registers (Setting const& setting, std::string_view benchmark, std::string_view name,
                        Placement placement)
{
    if (!setting.options.wants (name))
        return;
    guest::Partner& partner = start (placement, serve);
    greet (partner.id ());
    measure (setting, benchmark, name, register_loops, tsc_calls, partner);
}

void measure_messages (Setting const& setting, std::string_view benchmark, std::string_view name,
                       Loops const& loops, BenchMessage const& client, BenchMessage const& server,
                       Placement placement)
{
    if (!setting.options.wants (name))
        return;
    bench_client_message = client;
    bench_server_message = server;
    guest::Partner& partner = start (placement, serve_messages);
    bench_client_turns = 1;
    loops.plain (partner.id ().low (), partner.id ().high ());      // fills caches and TLBs
    measure (setting, benchmark, name, loops, tsc_calls / 4, partner);
}

}  // namespace bench
