// SPDX-License-Identifier: BSD-2-Clause
/// @file  Task state segment: the kernel stack pointer, and where the I/O permission bitmap is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ia32 {

struct Tss {
    std::uint32_t back_link;
    std::uint32_t esp0;                 ///< stack for entries from user mode: in the TCB
    std::uint32_t ss0;
    std::uint32_t unused_0c[4];
    std::uint32_t cr3;
    std::uint32_t eip;
    std::uint32_t eflags;
    std::uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    std::uint32_t es, cs, ss, ds, fs, gs;
    std::uint32_t ldt;
    std::uint16_t trap;
    std::uint16_t io_base;              ///< offset of the bitmap from the TSS's base
};

static_assert (sizeof (Tss) == 104);
static_assert (offsetof (Tss, esp0) == 4 && offsetof (Tss, io_base) == 102);

}  // namespace ia32
