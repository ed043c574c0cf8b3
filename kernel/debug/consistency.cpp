// SPDX-License-Identifier: BSD-2-Clause
/// @file  The assertion image: after every system call, all that the kernel keeps is looked over.
///
/// Linked instead of nothing. The linker redirects the entries' calls of the system calls to the
/// functions here (--wrap), so the kernel itself does not know.
#include <core/kernel_memory.hpp>
#include <core/mapping_database.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/system_calls.hpp>
#include <core/task_table.hpp>
#include <core/wakeup.hpp>
#include <lib/assert.hpp>

#include <machine/tcb_area.hpp>

namespace kernel {

namespace {

/// What holds for a thread that runs, at the end of a system call.
bool is_consistent (Tcb const& self)
{
    return self.is_ready () && self.continuation == Continuation::none && !self.in_kernel_rpc
           && self.transfer.partner == nullptr && self.outer_transfer.partner == nullptr
           && !self.timeout_armed && self.send_link.next == nullptr
           && self.id == self.space->task ().with_lthread (self.id.lthread ());
}

/// The database is being changed while an operation is under way; then it may hold nodes that are
/// on their way out, which its own check knows.
bool mappings_are_consistent ()
{
    for (unsigned region = 0; region < machine::PagePolicy::regions; ++region)
        if (mapping_database.find_region (region) != nullptr
            && !mapping_database.consistent (region))
            return false;
    return true;
}

void check_everything ()
{
    Tcb const& self = machine::tcb_area::current ();
    CHECK (is_consistent (self));
    CHECK (send_queue::is_consistent (self));
    CHECK (scheduler::is_consistent ());
    CHECK (wakeup::is_consistent ());
    CHECK (task_table::consistent ());
    CHECK (kernel_frames.consistent ());
    CHECK (mappings_are_consistent ());
}

}  // namespace

}  // namespace kernel

#define CHECKED(call)                                                                              \
    extern "C" void __real_##call (machine::TrapFrame& frame);                                     \
    extern "C" void __wrap_##call (machine::TrapFrame& frame);                                     \
    void __wrap_##call (machine::TrapFrame& frame)                                                 \
    {                                                                                              \
        __real_##call (frame);                                                                     \
        kernel::check_everything ();                                                               \
    }

CHECKED (sys_ipc)
CHECKED (sys_id_nearest)
CHECKED (sys_fpage_unmap)
CHECKED (sys_thread_switch)
CHECKED (sys_thread_schedule)
CHECKED (sys_lthread_ex_regs)
CHECKED (sys_task_new)
