// SPDX-License-Identifier: BSD-2-Clause
/// @file  Minimum and mode of the batches of a benchmark.
///
/// A batch that the clock interrupt falls into is slower than the others. The minimum shows the
/// path itself, the mode what most batches took; if both agree, nothing disturbed the measurement.
///
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include <algorithm>
#include <span>

#include <l4/word.hpp>

namespace bench {

using l4::Word;

/// A figure per operation in hundredths: two directions of an IPC may differ by one instruction.
struct Hundredths {
    Word value { 0 };

    [[nodiscard]] constexpr Word whole () const { return value / 100; }
    [[nodiscard]] constexpr Word fraction () const { return value % 100; }
};

/// `total / operations`, rounded down to a hundredth. Everything must fit 32 bits.
[[nodiscard]] constexpr Hundredths per_operation (Word total, Word operations)
{
    return { total / operations * 100 + total % operations * 100 / operations };
}

struct Statistics {
    Hundredths minimum;
    Hundredths mode;
};

/// Sorts the samples. Of values equally frequent the smallest is the mode.
/// @param samples  not empty
[[nodiscard]] constexpr Statistics summarize (std::span<Word> samples)
{
    std::ranges::sort (samples);
    Word mode = samples.front ();
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin < samples.size ();) {
        std::size_t end = begin + 1;
        while (end < samples.size () && samples[end] == samples[begin])
            ++end;
        if (end - begin > longest) {
            longest = end - begin;
            mode = samples[begin];
        }
        begin = end;
    }
    return { { samples.front () }, { mode } };
}

}  // namespace bench
