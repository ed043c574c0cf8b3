// SPDX-License-Identifier: BSD-2-Clause
/// @file  Virtual-8086 mode, which no user is to reach. Processors do not let an IRET in user mode
/// enter it; some emulators do.
///
/// From there the processor pushes four more words, so the frame of an entry does not lie where a
/// thread's registers are looked for, and what lies there are values that the user chose.
#pragma once

#include <core/tcb.hpp>

namespace ia32 {

/// `frame`, of an entry from virtual-8086 mode, becomes the user frame of the running thread, with
/// flat segments and without that mode. Afterwards `frame` holds nothing.
void leave_virtual_8086 (kernel::Tcb& self, machine::TrapFrame const& frame);

}  // namespace ia32
