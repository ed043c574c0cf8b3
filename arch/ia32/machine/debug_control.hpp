// SPDX-License-Identifier: BSD-2-Clause
/// @file  DR7 and DR6 as threads see them, and what the processor gets of it.
///
/// Source: Intel486 Programmer's Reference Manual, 11.3.
#pragma once

#include <l4/word.hpp>

namespace machine::debug {

using l4::Word;

constexpr unsigned breakpoints = 4;

constexpr Word status_hits = 0xF;               ///< DR6: breakpoint n was met
constexpr Word status_single_step = 1 << 14;

constexpr Word local_enable (unsigned n) { return Word { 1 } << 2 * n; }

/// What a thread can keep in its DR7: local enables and conditions.
constexpr Word control_bits = local_enable (0) | local_enable (1) | local_enable (2)
                              | local_enable (3) | 0xFFFF0000;

/// DR7 for the processor: what is undefined there (I/O or 8 bytes; code longer than a byte) is
/// left out. 0: no breakpoint is enabled.
[[nodiscard]] constexpr Word hardware_control (Word control)
{
    constexpr Word always_one = 1 << 10;
    constexpr Word exact = 1 << 8;              // the 486 would report data breakpoints late
    Word result = 0;
    for (unsigned n = 0; n < breakpoints; ++n) {
        Word const condition = control >> (16 + 4 * n) & 0xF;
        Word const access = condition & 3;      // 0 execute, 1 write, 3 read or write
        Word const length = condition >> 2;     // 0, 1, 3: 1, 2, 4 bytes
        bool const is_defined = access != 2 && length != 2 && (access != 0 || length == 0);
        if ((control & local_enable (n)) != 0 && is_defined)
            result |= local_enable (n) | condition << (16 + 4 * n);
    }
    return result == 0 ? 0 : result | always_one | exact;
}

/// The bits of the processor's DR6 that concern a thread for which DR7 is `control`: others'
/// breakpoints leave traces there.
[[nodiscard]] constexpr Word visible_status (Word status, Word control)
{
    Word const enabled = control & 0x55;        // every other bit
    Word const hits = (enabled & 1) | (enabled >> 1 & 2) | (enabled >> 2 & 4) | (enabled >> 3 & 8);
    return status & (hits | status_single_step);
}

static_assert (hardware_control (0) == 0);
static_assert (hardware_control (0xFFFFFFFF) == 0x33330555 + 0xCCCC0000);
static_assert (hardware_control (0x000D0001) == 0x000D0501);
static_assert (visible_status (0xFFFF4FFF, 0x00010001) == 0x4001);

}  // namespace machine::debug
