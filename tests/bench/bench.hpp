// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a benchmark is. Each lives in a file of its own and has a row in main.cpp's table.
#pragma once

#include "clock.hpp"
#include "options.hpp"
#include "report.hpp"

namespace bench {

struct Setting {
    Options options;
    ClockInfo clock;
};

struct Benchmark {
    std::string_view name;
    /// Measure and print all cases.
    void (*run) (Setting const& setting);
};

/// IPC, one way: registers, words in memory, strings.
void run_ipc (Setting const& setting);
/// From an interrupt to its handler: same space, different spaces.
void run_irq (Setting const& setting);

/// Pages to another space and back, by message.
void run_map (Setting const& setting);
/// A page fault: the bare path, and one served by each memory server.
void run_pager (Setting const& setting);

/// Print one result.
void print_row (Setting const& setting, Row const& result);

/// Something that a figure rests on did not happen: say what, and end with status 1.
[[noreturn]] void fail (std::string_view what);

/// Figures per batch of the case being measured.
extern Word samples[most_batches];

}  // namespace bench
