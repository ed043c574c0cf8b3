// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O privilege of a thread: it may use all ports, CLI and STI.
#pragma once

#include <core/tcb.hpp>

#include <control.hpp>

namespace machine {

/// The I/O privilege level of `thread`, whose registers are in its frame, is 0 again.
inline void withdraw_io_privilege (kernel::Tcb& thread)
{
    thread.user_frame ().eflags &= ~ia32::eflags::io_privilege_user;
}

}  // namespace machine
