// SPDX-License-Identifier: BSD-2-Clause
/// @file  The address space of a process.
///
///     00010000  lowest address that can be mapped      BF7FE000  stack, 8 MB, demand-zero
///     08048000  program, then the heap                 BFFFE000  emulation page, read-only
///     40000000  static PIE programs                    BFFFF000  call page
///     B7FFE000  mappings, from here downwards          C0000000  end
#pragma once

#include <l4/fpage.hpp>

namespace unix_server::layout {

using l4::Address;
using l4::Word;

constexpr Address lowest = 0x00010000;
constexpr Address position_independent = 0x40000000;
constexpr Address mappings_end = 0xB7FFE000;
constexpr Address stack_begin = 0xBF7FE000;
constexpr Address stack_end = 0xBFFFE000;
constexpr Address user_end = stack_end;             ///< what a process can map, or pass to a call
constexpr Address emulation_page = 0xBFFFE000;
constexpr Address call_page = 0xBFFFF000;

[[nodiscard]] constexpr Address page_down (Address address)
{
    return address & ~(l4::page_size - 1);
}

/// @pre address <= user_end
[[nodiscard]] constexpr Address page_up (Address address)
{
    return page_down (address + l4::page_size - 1);
}

}  // namespace unix_server::layout
