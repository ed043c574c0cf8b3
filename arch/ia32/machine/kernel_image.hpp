// SPDX-License-Identifier: BSD-2-Clause
/// @file  The kernel's own memory: its image, and the pool that it takes.
#pragma once

#include <l4/kip.hpp>

#include <machine/memory_layout.hpp>

/// kernel.ld.
extern "C" char kernel_begin[], kernel_end[];

namespace machine {

/// Physical memory of text, data and bss.
[[nodiscard]] inline l4::MemoryRange kernel_image ()
{
    return { to_physical (kernel_begin), to_physical (kernel_end) };
}

/// Make `pool`, physical memory, visible to the kernel.
/// @return the virtual range that is left after page tables
[[nodiscard]] l4::MemoryRange show_pool (l4::MemoryRange pool);

}  // namespace machine
