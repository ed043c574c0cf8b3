// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench syscall: the calls that are short, from `int` to the instruction behind it.
///
/// Asking for the own id, switching while nobody else is ready, reading the own scheduling
/// parameters and registers, and taking back a page that nobody has.
#include <l4/thread_id.hpp>
#include <runtime/info_page.hpp>
#include <runtime/ipc.hpp>

#include <framework/pager.hpp>

#include "path.hpp"
#include "paths.hpp"

namespace bench {

void run_syscall (Setting const& setting)
{
    constexpr Word turns = 128;
    constexpr Word keep = ~Word { 0 };
    l4::ThreadId const own = rt::myself ();
    l4::Fpage const nothing = l4::Fpage::memory (guest::window_region, l4::page_bits);
    struct Case {
        std::string_view name;
        void (*run) (Word turns, Word);
        BenchRegisters registers;
    };
    Case const cases[] = {
        { "id_nearest", bench_id_nearest, {} },
        { "thread_switch", bench_thread_switch, {} },
        { "thread_schedule", bench_thread_schedule,
          { .eax = keep, .ecx = 0, .edx = 0, .ebx = keep, .ebp = keep, .esi = own.low (),
            .edi = own.high () } },
        { "lthread_ex_regs", bench_lthread_ex_regs,
          { .eax = own.lthread (), .ecx = keep, .edx = keep, .ebx = keep, .ebp = keep, .esi = keep,
            .edi = keep } },
        { "fpage_unmap", bench_fpage_unmap,
          { .eax = nothing.raw (), .ecx = l4::unmap_completely, .edx = 0, .ebx = 0, .ebp = 0,
            .esi = 0, .edi = 0 } },
    };
    for (Case const& c : cases) {
        bench_registers = c.registers;
        measure_path (setting, "syscall", c.name, turns, [] {}, { c.run, turns },
                      { bench_empty_system_call, turns });
    }
}

}  // namespace bench
