// SPDX-License-Identifier: BSD-2-Clause
/// @file  Reproducible arbitrary words. A case has its own seed and prints nothing: the seed is in
///        its source, and so the same run is always the same. `test --seed` adds to it.
#pragma once

#include <l4/word.hpp>

namespace guest {

using l4::Word;

/// Marsaglia's xorshift generator, 32 bits.
class Random {
public:
    /// @param seed  not 0
    constexpr explicit Random (Word seed) : state_ { seed } {}

    constexpr Word next ()
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }

    /// 0 .. `limit` - 1; `limit` at most 65,536.
    constexpr Word below (Word limit) { return (next () >> 16) * limit >> 16; }

    /// An element of `values`.
    template <typename T, unsigned N>
    constexpr T pick (T const (&values)[N])
    {
        return values[below (N)];
    }

private:
    Word state_;
};

}  // namespace guest
