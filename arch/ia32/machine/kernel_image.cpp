// SPDX-License-Identifier: BSD-2-Clause
#include <machine/kernel_image.hpp>

#include <cpu/kernel_window.hpp>

namespace machine {

l4::MemoryRange show_pool (l4::MemoryRange pool)
{
    l4::Address const begin = cpu::map_window (pool.low, pool.high);
    return { begin + window_begin, pool.high + window_begin };
}

}  // namespace machine
