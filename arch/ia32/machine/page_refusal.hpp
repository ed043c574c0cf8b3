// SPDX-License-Identifier: BSD-2-Clause
/// @file  A system call that needs a page of its caller which no pager brings.
#pragma once

#include <machine/trap_frame.hpp>

namespace kernel {
struct Tcb;
}

namespace machine {

/// The running thread gets the exception for that, or is shut down, and then this does not return.
void raise_page_refused (kernel::Tcb& self, TrapFrame& frame);

}  // namespace machine
