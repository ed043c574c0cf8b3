// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the driver `fragile` can be asked for: something to answer, or one of the ways in
///        which drivers fail.
#pragma once

#include <runtime/message.hpp>

namespace fragile {

using l4::Word;

enum class Damage : Word {
    exit,           ///< ends by itself
    fault,          ///< writes where nothing is
    exception,
    port,           ///< uses a port that is not its own
    unheard,        ///< an exception without a handler
    loop,           ///< spins at its priority
    silence,        ///< waits forever for something else
    deafness,       ///< beats, but answers nobody any more
};

struct Suffer {
    static constexpr Word operation = 0x70;
    using Answer = rt::Nothing;
    Damage damage;
};

struct Double {
    static constexpr Word operation = 0x71;
    using Answer = Word;
    Word number;
};

}  // namespace fragile
