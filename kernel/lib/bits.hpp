// SPDX-License-Identifier: BSD-2-Clause
/// @file  Bit scans of a 32-bit word. On ia32 they become BSF and BSR, which the 486 has.
#pragma once

#include <cstdint>

namespace lib {

/// Number of the lowest bit that is set. @pre word != 0
[[nodiscard]] constexpr unsigned lowest_bit (std::uint32_t word)
{
    return static_cast<unsigned> (__builtin_ctz (word));
}

/// Number of the highest bit that is set, which is floor (log2). @pre word != 0
[[nodiscard]] constexpr unsigned highest_bit (std::uint32_t word)
{
    return 31u - static_cast<unsigned> (__builtin_clz (word));
}

/// Log2 of the smallest power of two that is not smaller. @pre 0 < word
[[nodiscard]] constexpr unsigned log2_ceiling (std::uint32_t word)
{
    return word == 1 ? 0 : highest_bit (word - 1) + 1;
}

/// A word with bit `n` alone. @pre n < 32
[[nodiscard]] constexpr std::uint32_t bit (unsigned n) { return std::uint32_t { 1 } << n; }

static_assert (lowest_bit (0x50) == 4 && highest_bit (0x50) == 6);
static_assert (log2_ceiling (4096) == 12 && log2_ceiling (4097) == 13);

}  // namespace lib
