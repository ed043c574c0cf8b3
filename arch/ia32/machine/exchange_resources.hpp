// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread switch, and the end of a thread, do with its resources.
#pragma once

namespace kernel {
struct Tcb;
}

namespace machine {

/// `from` stops running, `to` begins. @pre one of them has resources in use
void exchange_resources (kernel::Tcb& from, kernel::Tcb& to) asm ("exchange_resources");

/// `thread` is being deleted: give back what it has.
void release_resources (kernel::Tcb& thread);

}  // namespace machine
