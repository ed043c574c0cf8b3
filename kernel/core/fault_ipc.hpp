// SPDX-License-Identifier: BSD-2-Clause
/// @file  Faults of user threads as IPC to their pagers.
#pragma once

#include <core/tcb.hpp>

namespace kernel::fault_ipc {

enum class FaultAccess : std::uint8_t { read, write };

/// The running thread touched an address that its space does not allow. Returns when the access
/// may be tried again. @return false: no pager can help
[[nodiscard]] bool page_fault (Tcb& self, Address address, FaultAccess access);

/// The end of that where the thread waited without a stack (Resumption::page_fault).
/// @return as before
[[nodiscard]] bool end_page_fault (Tcb& self);

/// sigma0 has no pager: its space contains all physical memory at the same addresses. Show it the
/// page at `address`, a user address.
/// @return false for memory of the kernel, if kernel memory is used up, and for other tasks
[[nodiscard]] bool resolve_in_initial_space (Tcb& self, Address address, FaultAccess access);

/// The running thread, in an ipc, needs a page of a message buffer: call its pager in between.
/// The ipc in progress is put aside and restored.
/// @return the pager call's code, `receive_aborted` if no pager can help
[[nodiscard]] l4::IpcError fetch_page (Tcb& self, PageRequest const& request);

/// The running thread used `ports` without having them. @return false: no pager can help
[[nodiscard]] bool io_fault (Tcb& self, l4::Fpage ports);

/// The running thread cannot go on: an exception that nobody handles. It stays dead until
/// lthread_ex_regs gives it a new instruction pointer; this does not return.
void shut_down (Tcb& self);

}  // namespace kernel::fault_ipc
