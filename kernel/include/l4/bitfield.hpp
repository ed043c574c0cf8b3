// SPDX-License-Identifier: BSD-2-Clause
/// @file  A named slice of a word.
///
/// ABI words are taken apart with these and never with compiler bit-fields, whose placement is
/// the compiler's choice. Example: `BitField<8, 4>::get (0xABC) == 0xA`.
#pragma once

#include <l4/word.hpp>

namespace l4 {

template <unsigned Shift, unsigned Width>
struct BitField {
    static_assert (Width > 0 && Shift + Width <= 32);

    static constexpr Word max = Width == 32 ? ~Word { 0 } : (Word { 1 } << Width) - 1;
    static constexpr Word mask = max << Shift;

    [[nodiscard]] static constexpr Word get (Word word) { return (word >> Shift) & max; }

    /// `value` shifted into place; bits that do not fit are dropped.
    [[nodiscard]] static constexpr Word make (Word value) { return (value & max) << Shift; }

    /// `word` with this field replaced by `value`.
    [[nodiscard]] static constexpr Word set (Word word, Word value)
    {
        return (word & ~mask) | make (value);
    }
};

}  // namespace l4
