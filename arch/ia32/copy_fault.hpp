// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where a copy of user memory faulted. The only page faults that the kernel expects of
/// itself are those of entry/copy.asm.
#pragma once

#include <l4/word.hpp>

namespace ia32 {

struct CopyFault {
    l4::Address address;
    bool was_write;
};

extern CopyFault copy_fault;

}  // namespace ia32
