// SPDX-License-Identifier: BSD-2-Clause
/// @file  Time of a piece of C++: for paths that are long beside a few instructions of a loop.
#pragma once

#include <runtime/kip.hpp>

#include "bench.hpp"
#include "loops.hpp"

namespace bench {

/// What `run` takes, in hundredths of the clock's unit per operation. Without the time stamp
/// counter it is done again until the kernel's ticks tell.
template <typename Prepare, typename Run>
[[nodiscard]] Word time_of (Clock clock, Word operations, Prepare prepare, Run run)
{
    if (clock == Clock::tsc) {
        prepare ();
        std::uint64_t const begin = bench_counter_tsc ();
        run ();
        return per_operation (static_cast<Word> (bench_counter_tsc () - begin), operations).value;
    }
    constexpr Word enough = 50'000;         // microseconds
    Word time = 0;
    Word repetitions = 0;
    while (time < enough) {
        prepare ();
        std::uint64_t const begin = rt::clock ();
        run ();
        time += static_cast<Word> (rt::clock () - begin);
        ++repetitions;
    }
    return per_operation (time * 1000, repetitions * operations).value;
}

/// Fill the samples of one case. @param operations  in one run
template <typename Prepare, typename Run>
void sample_section (Setting const& setting, Word operations, Prepare prepare, Run run)
{
    static_cast<void> (time_of (setting.clock.clock, operations, prepare, run));
    for (unsigned i = 0; i < setting.options.batches; ++i)
        samples[i] = time_of (setting.clock.clock, operations, prepare, run);
}

/// The same, and print it: by the program's own task alone, as no other one reaches the console.
template <typename Prepare, typename Run>
void measure_section (Setting const& setting, std::string_view benchmark, std::string_view name,
                      Word operations, Prepare prepare, Run run)
{
    if (!setting.options.wants (name))
        return;
    sample_section (setting, operations, prepare, run);
    print_samples (setting, benchmark, name);
}

}  // namespace bench
