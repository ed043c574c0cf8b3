// SPDX-License-Identifier: BSD-2-Clause
/// @file  The benchmark program: `bench NAME [options]` at the console.
#include <runtime/exit.hpp>
#include <runtime/kip.hpp>
#include <runtime/main.hpp>
#include <runtime/print.hpp>

#include <framework/check.hpp>
#include <framework/pager.hpp>

#include "bench.hpp"

namespace bench {

constinit Word samples[most_batches] {};

namespace {

constexpr Benchmark benchmarks[] = {
    { "ipc", run_ipc },
    { "irq", run_irq },
    { "map", run_map },
    { "pager", run_pager },
    { "fault", run_fault },
    { "unmap", run_unmap },
    { "syscall", run_syscall },
    { "exception", run_exception },
    { "tlb", run_tlb },
    { "rpc", run_rpc },
    { "scale", run_scale },
    { "driver", run_driver, true },
};
constexpr std::string_view all = "all";

/// Rows so far.
constinit unsigned rows = 0;

[[nodiscard]] Benchmark const* find (std::string_view name)
{
    for (Benchmark const& benchmark : benchmarks)
        if (benchmark.name == name)
            return &benchmark;
    return nullptr;
}

void print_usage ()
{
    rt::print ("usage: bench ");
    for (Benchmark const& benchmark : benchmarks)
        rt::print (&benchmark == benchmarks ? "" : "|", benchmark.name);
    rt::print ("|", all, " ", options_usage, "\n");
}

[[nodiscard]] std::string_view feature (std::string_view name)
{
    rt::Feature const feature = rt::kip_feature (name);
    return feature.present ? feature.value : "unknown";
}

/// What the figures were measured on.
void print_machine (Setting const& setting)
{
    std::string_view const counting = setting.clock.clock == Clock::kip ? "kernel clock"
                                      : setting.clock.counts_instructions
                                          ? "time stamp counter, counting instructions"
                                          : "time stamp counter";
    rt::print ("# image ", feature ("image"), ", cpu ", feature ("cpu"), ", measured by: ",
               counting, "\n");
}

}  // namespace

void print_row (Setting const& setting, Row const& result)
{
    ++rows;
    rt::print (row (setting.options.format, result).view (), "\n");
}

void print_samples (Setting const& setting, std::string_view benchmark, std::string_view name)
{
    unsigned const batches = setting.options.batches;
    print_row (setting, { benchmark, name, setting.clock.unit (), summarize ({ samples, batches }),
                          batches });
}

void fail (std::string_view what)
{
    rt::print ("bench: error: ", what, "\n");
    rt::exit (1);
}

}  // namespace bench

// The partners of the conformance suite report through these; here every report is fatal.
namespace guest {

bool check (bool holds, Place const& place)
{
    if (!holds) {
        rt::print ("bench: error: ", std::string_view { place.file }, ": ",
                   std::string_view { place.expression }, "\n");
        rt::exit (1);
    }
    return true;
}

bool check_equal (Value actual, Value expected, Place const& place)
{
    return check (actual == expected, place);
}

void end_case ()
{
    rt::exit (1);
}

void skip_case (char const* reason)
{
    bench::fail (reason);
}

}  // namespace guest

int main (std::string_view arguments)
{
    using namespace bench;
    Options const options = parse_options (arguments);
    Benchmark const* const benchmark = find (options.benchmark);
    bool const is_all = options.benchmark == all;
    if (!options.valid || (benchmark == nullptr && !is_all)) {
        print_usage ();
        return 2;
    }
    guest::start_pager ();
    Setting const setting { options, choose_clock (options.clock) };
    if (!setting.clock.available)
        fail ("the time stamp counter cannot be read");
    print_machine (setting);
    rt::print (heading (options.format).view (), "\n");
    for (Benchmark const& b : benchmarks)
        if (&b == benchmark || (is_all && !b.needs_disk))
            b.run (setting);
    if (rows == 0)
        fail ("there is no such case");
    return 0;
}
