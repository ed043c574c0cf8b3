// SPDX-License-Identifier: BSD-2-Clause
/// @file  Time of an assembly loop (paths.asm) less that of an empty one of the same shape: for
///        paths of a few instructions.
#pragma once

#include "section.hpp"

namespace bench {

struct Loop {
    void (*run) (Word first, Word second);
    Word first { 0 };
    Word second { 0 };
};

/// One call for full and empty loops, so that what is around them is the same, too.
[[gnu::noinline]] inline Word tsc_of (Loop const& loop)
{
    std::uint64_t const begin = bench_counter_tsc ();
    loop.run (loop.first, loop.second);
    return static_cast<Word> (bench_counter_tsc () - begin);
}

/// Fill the samples of one case of `operations` per batch. The empty loop runs behind the full one
/// and finds what that has left. Without the time stamp counter it is not taken off.
template <typename Prepare>
void sample_path (Setting const& setting, Word operations, Prepare prepare, Loop const& full,
                  Loop const& empty)
{
    if (setting.clock.clock != Clock::tsc) {
        sample_section (setting, operations, prepare,
                        [&] { full.run (full.first, full.second); });
        return;
    }
    unsigned const batches = setting.options.batches;
    Word overhead = ~Word { 0 };
    for (unsigned i = 0; i < batches; ++i) {
        prepare ();
        samples[i] = tsc_of (full);
        overhead = std::min (overhead, tsc_of (empty));
    }
    for (unsigned i = 0; i < batches; ++i)
        samples[i] = per_operation (samples[i] - std::min (samples[i], overhead), operations).value;
}

/// The same, and print it.
template <typename Prepare>
void measure_path (Setting const& setting, std::string_view benchmark, std::string_view name,
                   Word operations, Prepare prepare, Loop const& full, Loop const& empty)
{
    if (!setting.options.wants (name))
        return;
    sample_path (setting, operations, prepare, full, empty);
    print_samples (setting, benchmark, name);
}

}  // namespace bench
