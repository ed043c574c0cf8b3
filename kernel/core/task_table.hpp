// SPDX-License-Identifier: BSD-2-Clause
/// @file  Task numbers: who may create the task, and its space if it is active.
///
/// The right to a number belongs to a task, its chief. At start-up the root task owns all that
/// sigma0 and the kernel do not use. Creating a task keeps the right; passing the number on as
/// an inactive task gives it away.
///
/// Each task has a ring of the numbers that it owns, active ones first: so the deletion of a
/// whole clan finds its next victim in one step per level.
///
/// Invariants: a number is in its chief's ring and in no other; in a ring, no inactive number
///             comes before an active one.
#pragma once

#include <l4/thread_id.hpp>

namespace kernel {

class Space;

namespace task_table {

/// No task; also the chief of the root task.
constexpr l4::Word nobody = 0;

void initialise ();

/// Task that may create and delete task `number`; its chief while it lives.
[[nodiscard]] l4::Word chief (l4::Word number);
/// @pre the task is inactive
void set_chief (l4::Word number, l4::Word chief);

/// Null while the task is inactive.
[[nodiscard]] Space* space (l4::Word number);
void set_space (l4::Word number, Space* space);

/// The first number in the ring of `chief`: an active one if there is one. `nobody` if empty.
[[nodiscard]] l4::Word first_owned (l4::Word chief);

/// Nesting depth of a task that `creator` creates. Children of the root task have depth 0, like
/// the root task itself.
[[nodiscard]] l4::Word nest_below (l4::ThreadId creator);

/// Whether all invariants hold. Slow.
[[nodiscard]] bool consistent ();

}  // namespace task_table

}  // namespace kernel
