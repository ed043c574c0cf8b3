// SPDX-License-Identifier: BSD-2-Clause
#include <core/task_deletion.hpp>

#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>
#include <core/thread_table.hpp>
#include <core/unmap.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

namespace kernel {

namespace {

/// Work per step, so that interrupts are off for well under 1,000 instructions.
constexpr unsigned senders_per_step = 2;
constexpr unsigned threads_per_step = 1;
constexpr unsigned numbers_per_step = 4;

/// The active task that lies deepest below `number`. Nesting is at most 16 deep.
Word deepest_active (Word number)
{
    for (;;) {
        Word const owned = task_table::first_owned (number);
        if (owned == task_table::nobody || task_table::space (owned) == nullptr)
            return number;
        number = owned;
    }
}

/// @return whether nobody waits to send to `thread` any more
bool send_pending_away (Tcb& thread)
{
    for (unsigned n = 0; n < senders_per_step; ++n) {
        Tcb* const sender = thread.waiters.first ();
        if (sender == nullptr)
            return true;
        send_queue::remove (thread, *sender);
        ipc::finish (*sender, l4::IpcError::not_existent);
        scheduler::enqueue (*sender);
    }
    return thread.waiters.first () == nullptr;
}

void delete_threads (Space& space, Tcb& deleter)
{
    for (unsigned n = 0; n < threads_per_step; ++n) {
        if (space.next_doomed_thread == l4::ThreadId::threads_per_task)
            return;
        Tcb& thread = machine::tcb_area::tcb (
            space.task ().with_lthread (space.next_doomed_thread));
        if (thread.exists ()) {
            thread_table::stop (thread);
            if (!send_pending_away (thread))
                return;
            deleter.cpu_ticks += thread.cpu_ticks;
            thread_table::destroy (thread);
        }
        ++space.next_doomed_thread;
        if (space.next_doomed_thread % machine::tcb_area::tcbs_per_page == 0)
            machine::tcb_area::withdraw (
                space.task ().with_lthread (space.next_doomed_thread - 1));
    }
}

/// @return whether the dying task has no place among the small spaces
bool give_place_back (Space& space)
{
    machine::SmallSpace::leave (space);
    return machine::SmallSpace::withdraw_step (space);
}

/// @return whether the dying task owns no number any more
bool pass_numbers_on (Word number, Word heir)
{
    for (unsigned n = 0; n < numbers_per_step; ++n) {
        Word const owned = task_table::first_owned (number);
        if (owned == task_table::nobody)
            return true;
        task_table::set_chief (owned, heir);
    }
    return false;
}

/// One bounded step towards the end of task `number`.
void delete_step (Word number, Tcb& deleter)
{
    Space& space = *task_table::space (number);
    space.is_dying = true;
    // What is over costs nothing; the rest is left to the next step.
    if (space.next_doomed_thread != l4::ThreadId::threads_per_task)
        return delete_threads (space, deleter);
    if (!give_place_back (space) || !unmap_everything_step (space)
        || !pass_numbers_on (number, deleter.id.task ()))
        return;
    machine::leave_space (space);
    task_table::set_space (number, nullptr);
    Space::destroy (space);
}

}  // namespace

void delete_task (Tcb& deleter, Word number)
{
    while (task_table::space (number) != nullptr) {
        delete_step (deepest_active (number), deleter);
        scheduler::serve_interrupts ();
    }
}

}  // namespace kernel
