// SPDX-License-Identifier: BSD-2-Clause
/// @file  Model-specific registers, as far as the processor has any.
#pragma once

#include <l4/word.hpp>

namespace ia32 {

using l4::Word;

/// @return false if the processor refused
[[nodiscard]] bool read_msr (Word number, Word& low, Word& high);
[[nodiscard]] bool write_msr (Word number, Word low, Word high);

}  // namespace ia32
