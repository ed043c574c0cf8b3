// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where a thread goes on, on the host: the test notes it.
#pragma once

#include <core/tcb.hpp>

namespace machine {

void prepare_user_context (kernel::Tcb& thread);
void return_to_user (kernel::Tcb& thread);
void leave_through (kernel::Tcb& thread, void (*function) (TrapFrame&));
void release_resources (kernel::Tcb& thread);

}  // namespace machine
