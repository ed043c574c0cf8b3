// SPDX-License-Identifier: BSD-2-Clause
/// @file  Deleting a task with its whole clan.
///
/// In bounded steps, between which interrupts are served and other threads run. A step always
/// works on the task that lies deepest in the clan; first its threads go, then its memory, then
/// the numbers that it owned pass to whoever deletes. All progress is kept in the space of the
/// dying task, so that a deletion can be taken up by anyone who has the right to it.
#pragma once

#include <core/tcb.hpp>

namespace kernel {

/// Delete the active task `number`, which is neither the running thread's nor one of its chiefs.
/// Its threads' processor time is added to that of `deleter`, the running thread.
void delete_task (Tcb& deleter, Word number);

}  // namespace kernel
