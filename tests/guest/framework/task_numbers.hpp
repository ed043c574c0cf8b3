// SPDX-License-Identifier: BSD-2-Clause
/// @file  The task numbers that the root task handed to the test program.
///
/// The first ones belong to the lasting partner tasks. The others are for cases; after a case the
/// runner deletes what was made with them and has the numbers back, where the kernel can delete.
#pragma once

#include "check.hpp"

namespace guest {

/// Number `n` of those handed over; ends the case as skipped if there are fewer.
[[nodiscard]] Word task_number (unsigned n);

/// A number that is inactive and belongs to this task; ends the case as skipped if none is left.
[[nodiscard]] Word take_task_number ();

/// The id of task `number` as a child of this task, version 0.
[[nodiscard]] l4::ThreadId own_task_id (Word number, Word version = 0);

/// A task number that exists nowhere and belongs to somebody else.
[[nodiscard]] Word foreign_task_number ();

/// For the runner, after a case: delete the tasks made with numbers taken, and free the numbers.
void return_task_numbers ();

}  // namespace guest
