// SPDX-License-Identifier: BSD-2-Clause
/// @file  The machine word of the V2 ABI: 32 bits, little endian.
#pragma once

#include <cstdint>

namespace l4 {

using Word = std::uint32_t;
using Address = std::uint32_t;

/// First address behind user space: small spaces, TCBs and the kernel lie above. V2-001
constexpr Address user_limit = 0xC0000000;

static_assert (sizeof (Word) == 4);
static_assert (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

}  // namespace l4
