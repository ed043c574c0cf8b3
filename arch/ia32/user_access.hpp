// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the kernel reads and writes of the running thread's memory, in its name: tables,
/// frames, instructions. A missing page is a page fault of the thread, as if it had done it itself.
#pragma once

#include <core/tcb.hpp>

namespace ia32 {

using l4::Address;
using l4::Word;

enum class Outcome {
    done,
    again,          ///< a page was missing and the pager has answered: do it all once more
    refused,        ///< not user memory, or no pager can help
};

[[nodiscard]] Outcome read_user (kernel::Tcb& self, void* to, Address from, Word size);
/// Let others run before something that takes long. @return whether `self` is still where it was:
/// if another thread has sent it elsewhere, what it was about to do does not matter any more.
[[nodiscard]] bool stays_after_rest (kernel::Tcb const& self);

[[nodiscard]] Outcome write_user (kernel::Tcb& self, Address to, void const* from, Word size);

}  // namespace ia32
