// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the processor says about itself.
#pragma once

#include <l4/word.hpp>

namespace console {

struct ProcessorIdentity {
    bool known;             ///< false: no CPUID
    char vendor[12];
    unsigned family;
    unsigned model;
    unsigned stepping;
};

/// Family, model and stepping of CPUID's leaf 1.
[[nodiscard]] constexpr ProcessorIdentity decode_signature (l4::Word eax)
{
    ProcessorIdentity identity { true, {}, (eax >> 8) & 0xF, (eax >> 4) & 0xF, eax & 0xF };
    if (identity.family == 6 || identity.family == 15)
        identity.model |= (eax >> 12) & 0xF0;
    if (identity.family == 15)
        identity.family += (eax >> 20) & 0xFF;
    return identity;
}

[[nodiscard]] ProcessorIdentity identify_processor ();

static_assert (decode_signature (0x543).family == 5 && decode_signature (0x543).model == 4);
static_assert (decode_signature (0x673).family == 6 && decode_signature (0x673).stepping == 3);
static_assert (decode_signature (0x000106A3).model == 0x1A);

}  // namespace console
