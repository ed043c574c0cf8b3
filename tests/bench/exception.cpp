// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench exception: from an instruction to the thread's own handler and behind it.
///
/// The handler is two or three instructions: it drops the error code, if there is one, skips the
/// instruction and returns.
#include <framework/partner.hpp>

#include "path.hpp"
#include "paths.hpp"

namespace bench {

namespace {

constexpr Word turns = 128;
constexpr unsigned undefined = 6;
constexpr unsigned general_protection = 13;

constinit l4::ExceptionGate table[l4::exception_gates] {};

[[nodiscard]] l4::ExceptionGate gate_to (void (*handler) ())
{
    return l4::ExceptionGate::to (reinterpret_cast<l4::Address> (handler));
}

/// In a thread of its own, as it keeps the table.
void measure_all (void* argument)
{
    auto const& setting = *static_cast<Setting const*> (argument);
    bench_load_exception_table ({ sizeof table - 1, reinterpret_cast<l4::Address> (table) });
    auto const measure = [&] (std::string_view name, void (*raise) (Word, Word)) {
        measure_path (setting, "exception", name, turns, [] {}, { raise, turns },
                      { bench_raise_nothing, turns });
    };
    measure ("int-40h", bench_raise_int_40h);
    measure ("privileged", bench_raise_privileged);
    measure ("undefined", bench_raise_undefined);
}

}  // namespace

void run_exception (Setting const& setting)
{
    constexpr unsigned patience = 60'000;       // milliseconds
    table[undefined] = gate_to (bench_skip_without_code);
    table[general_protection] = gate_to (bench_skip_with_code);
    Setting order = setting;
    guest::Partner& partner = guest::start_partner (measure_all, &order);
    if (!partner.finish (patience))
        fail ("exception: a handler does not return");
    partner.release ();
}

}  // namespace bench
