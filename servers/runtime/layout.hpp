// SPDX-License-Identifier: BSD-2-Clause
/// @file  The address space of a program that the root task starts. All below 4 MB, so that the
///        program fits the smallest small space.
///
///     00000000  nothing: null pointers fault      00200000  demand-zero memory
///     0000E000  kernel info page                  00380000  regions of other pagers (region.hpp)
///     0000F000  info page                         003F0000  stack, demand-zero
///     00010000  program image                     00400000  end; more by root::ReserveMemory
#pragma once

#include <l4/word.hpp>

namespace rt::layout {

using l4::Address;

constexpr Address kernel_info_page = 0x0000E000;
constexpr Address info_page = 0x0000F000;
constexpr Address image_begin = 0x00010000;
constexpr Address image_end = 0x00200000;
constexpr Address anonymous_begin = 0x00200000;
constexpr Address anonymous_end = 0x00380000;
constexpr Address regions_begin = 0x00380000;
constexpr Address regions_end = 0x003E0000;     // then nothing: a stack overflow faults
constexpr Address stack_begin = 0x003F0000;
constexpr Address stack_end = 0x00400000;

/// VGA text memory, mapped 1:1 into the console program.
constexpr Address vga_text = 0x000B8000;

}  // namespace rt::layout
