// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_schedule's small space: moving a task into one.
#pragma once

#include <l4/thread_id.hpp>

namespace kernel {

/// Move the task of `thread` to the small space `number`, unless that is impossible or another task
/// lives there. Other threads may run meanwhile.
void move_to_small_space (l4::ThreadId thread, l4::Word number);

}  // namespace kernel
