// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about the memory of the process that calls.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Result brk (Call& call, Address end);
[[nodiscard]] Result mmap2 (Call& call, Address at, Word size, Word protection, Word flags,
                            Word file, Word page);
[[nodiscard]] Result munmap (Call& call, Address begin, Word size);
[[nodiscard]] Result mprotect (Call& call, Address begin, Word size, Word protection);

}  // namespace unix_server::calls
