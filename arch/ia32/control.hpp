// SPDX-License-Identifier: BSD-2-Clause
/// @file  Privileged instructions of the kernel: control registers, descriptor tables, flags.
#pragma once

#include <cstdint>

namespace ia32 {

using Word = std::uint32_t;

/// Operand of LGDT and LIDT.
struct [[gnu::packed]] TablePointer {
    std::uint16_t limit;        ///< size - 1
    Word base;
};

namespace cr0 {
constexpr Word monitor_coprocessor = 1 << 1;
constexpr Word emulate_fpu = 1 << 2;
constexpr Word task_switched = 1 << 3;
constexpr Word numeric_error = 1 << 5;
constexpr Word write_protect = 1 << 16;
constexpr Word paging = 1U << 31;
}  // namespace cr0

namespace cr4 {
constexpr Word time_stamp_disable = 1 << 2;
constexpr Word page_size_extensions = 1 << 4;
constexpr Word fxsave_and_sse = 3 << 9;
}  // namespace cr4

namespace eflags {
constexpr Word always_one = 1 << 1;
constexpr Word trap = 1 << 8;
constexpr Word interrupts = 1 << 9;
constexpr Word io_privilege_user = 3 << 12;     ///< level 3
constexpr Word nested_task = 1 << 14;
constexpr Word resume = 1 << 16;
constexpr Word virtual_8086 = 1 << 17;
}  // namespace eflags

inline Word read_cr0 () { Word v; asm volatile ("movl %%cr0, %0" : "=r"(v)); return v; }
inline void write_cr0 (Word v) { asm volatile ("movl %0, %%cr0" : : "r"(v) : "memory"); }
inline void clear_task_switched () { asm volatile ("clts" : : : "memory"); }
inline Word read_cr2 () { Word v; asm volatile ("movl %%cr2, %0" : "=r"(v)); return v; }
inline Word read_cr3 () { Word v; asm volatile ("movl %%cr3, %0" : "=r"(v)); return v; }
inline void write_cr3 (Word v) { asm volatile ("movl %0, %%cr3" : : "r"(v) : "memory"); }
/// Only on processors that have CR4: not on most 486s.
inline Word read_cr4 () { Word v; asm volatile ("movl %%cr4, %0" : "=r"(v)); return v; }
inline void write_cr4 (Word v) { asm volatile ("movl %0, %%cr4" : : "r"(v) : "memory"); }

inline void invalidate_page (Word address)
{
    asm volatile ("invlpg (%0)" : : "r"(address) : "memory");
}

inline Word read_dr6 () { Word v; asm volatile ("movl %%db6, %0" : "=r"(v)); return v; }
inline void write_dr6 (Word v) { asm volatile ("movl %0, %%db6" : : "r"(v)); }
inline void write_dr7 (Word v) { asm volatile ("movl %0, %%db7" : : "r"(v)); }

/// DR0 to DR3.
inline void write_breakpoints (Word const (&addresses)[4])
{
    asm volatile ("movl %0, %%db0\n\tmovl %1, %%db1\n\tmovl %2, %%db2\n\tmovl %3, %%db3"
                  :
                  : "r"(addresses[0]), "r"(addresses[1]), "r"(addresses[2]), "r"(addresses[3]));
}

/// The upper half of a register is undefined when a selector is stored to it.
inline Word read_fs () { std::uint16_t v; asm volatile ("movw %%fs, %0" : "=r"(v)); return v; }
inline Word read_gs () { std::uint16_t v; asm volatile ("movw %%gs, %0" : "=r"(v)); return v; }
inline void write_fs (Word v) { asm volatile ("movw %w0, %%fs" : : "r"(v)); }
inline void write_gs (Word v) { asm volatile ("movw %w0, %%gs" : : "r"(v)); }

inline void write_caches_back () { asm volatile ("wbinvd" : : : "memory"); }

inline void load_gdt (TablePointer const& t) { asm volatile ("lgdt %0" : : "m"(t)); }
inline void load_idt (TablePointer const& t) { asm volatile ("lidt %0" : : "m"(t)); }
inline void load_local_table (std::uint16_t s) { asm volatile ("lldt %0" : : "r"(s)); }
inline void load_task_register (std::uint16_t s) { asm volatile ("ltr %0" : : "r"(s)); }

inline void disable_interrupts () { asm volatile ("cli" : : : "memory"); }

[[noreturn]] inline void stop ()
{
    for (;;)
        asm volatile ("cli; hlt");
}

}  // namespace ia32
