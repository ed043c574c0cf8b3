// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a benchmark is. Each lives in a file of its own and has a row in main.cpp's table.
#pragma once

#include "clock.hpp"
#include "options.hpp"
#include "report.hpp"

namespace bench {

struct Setting {
    Options options {};
    ClockInfo clock {};
};

struct Benchmark {
    std::string_view name;
    /// Measure and print all cases.
    void (*run) (Setting const& setting);
    bool needs_disk { false };          ///< then it is not one of `all`
};

/// IPC, one way: registers, words in memory, strings.
void run_ipc (Setting const& setting);
/// From an interrupt to its handler: same space, different spaces.
void run_irq (Setting const& setting);

/// Pages to another space and back, by message.
void run_map (Setting const& setting);
/// A page fault: the bare path, and one served by each memory server.
void run_pager (Setting const& setting);
/// A page fault: its path through the kernel and the shortest pager.
void run_fault (Setting const& setting);
/// Pages taken back: many at once, and one that is mapped to many places.
void run_unmap (Setting const& setting);
/// The short system calls.
void run_syscall (Setting const& setting);
/// From an instruction to the thread's own handler and back.
void run_exception (Setting const& setting);

/// A client that touches pages between its calls.
void run_tlb (Setting const& setting);
/// Calls with 8 bytes to 64 KB.
void run_rpc (Setting const& setting);
/// Requests to the disk driver, and its interrupts.
void run_driver (Setting const& setting);
/// IPC while few and while many tasks live.
void run_scale (Setting const& setting);

/// Print one result.
void print_row (Setting const& setting, Row const& result);

/// The same for what is in `samples`, which get sorted.
void print_samples (Setting const& setting, std::string_view benchmark, std::string_view name);

/// Something that a figure rests on did not happen: say what, and end with status 1.
[[noreturn]] void fail (std::string_view what);

/// Figures per batch of the case being measured.
extern Word samples[most_batches];

}  // namespace bench
