// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about descriptors.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Outcome write (Call& call, Word file, Address from, Word size);
[[nodiscard]] Outcome writev (Call& call, Word file, Address vectors, Word count);

}  // namespace unix_server::calls
