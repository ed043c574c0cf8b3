// SPDX-License-Identifier: BSD-2-Clause
/// @file  The loops of paths.asm. `empty` ones do all but the path that is measured.
#pragma once

#include <l4/exception.hpp>
#include <l4/word.hpp>

extern "C" {

/// What each of the system calls finds in its registers.
struct BenchRegisters {
    l4::Word eax, ecx, edx, ebx, ebp, esi, edi;
};
extern BenchRegisters bench_registers;

/// The system call, `turns` times.
void bench_id_nearest (l4::Word turns, l4::Word);
void bench_fpage_unmap (l4::Word turns, l4::Word);
void bench_thread_switch (l4::Word turns, l4::Word);
void bench_thread_schedule (l4::Word turns, l4::Word);
void bench_lthread_ex_regs (l4::Word turns, l4::Word);
void bench_empty_system_call (l4::Word turns, l4::Word);

/// Read a word of each page.
void bench_touch (l4::Address begin, l4::Word pages);
/// A pager that answers each fault at address A with the fpage `bench_pager_distance` + A.
[[noreturn]] void bench_page (void*);
extern l4::Word bench_pager_distance;

/// Raise an exception, `turns` times, with a handler that goes on behind it.
void bench_raise_int_40h (l4::Word turns, l4::Word);
void bench_raise_privileged (l4::Word turns, l4::Word);
void bench_raise_undefined (l4::Word turns, l4::Word);
void bench_raise_nothing (l4::Word turns, l4::Word);
/// Handlers for these, with an error code on the stack and without one.
void bench_skip_with_code ();
void bench_skip_without_code ();
void bench_load_exception_table (l4::PseudoDescriptor const& table);

/// What a task does that has nothing to do; needs no stack.
[[noreturn]] void bench_wait_forever ();

}  // extern "C"
