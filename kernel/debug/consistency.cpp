// SPDX-License-Identifier: BSD-2-Clause
/// @file  The assertion image: after every system call, what it may have touched is looked over.
///
/// Linked instead of nothing. The linker redirects the entries' calls of the system calls to the
/// functions here (--wrap), so the kernel itself does not know.
#include <core/interrupt.hpp>
#include <core/kernel_memory.hpp>
#include <core/mapping_database.hpp>
#include <core/ports.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/space.hpp>
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
    return self.is_ready () && self.continuation == Continuation::none
           && self.resumption == Resumption::kernel_stack && !self.in_kernel_rpc
           && self.transfer.partner == nullptr && self.outer_transfer.partner == nullptr
           && !self.timeout_armed && self.send_link.next == nullptr
           && self.awaited_chief.is_nil ()
           && self.id == self.space->task ().with_lthread (self.id.lthread ());
}

bool is_region_consistent (unsigned region)
{
    return mapping_database.find_region (region) == nullptr || mapping_database.consistent (region);
}

/// After calls that create and delete tasks or take pages away, all mappings are looked at; after
/// the others one more region of those that hold RAM, in turn: the whole database would make every
/// call take milliseconds.
enum class Mappings { all, next_region };

bool mappings_are_consistent (Mappings which)
{
    constexpr unsigned regions_in_turn = 32;
    static unsigned next;
    if (which == Mappings::next_region)
        return is_region_consistent (next++ % regions_in_turn);
    for (unsigned region = 0; region < machine::PagePolicy::regions; ++region)
        if (!is_region_consistent (region))
            return false;
    return true;
}

/// The trees of some more ports, in turn; after calls that may touch them also those that the
/// conformance suite uses.
bool ports_are_consistent (Mappings which)
{
    constexpr Word at_once = 64;
    static Word next;
    for (Word n = 0; n < at_once; ++n, next = (next + 1) % PortTable::ports)
        if (!ports::is_consistent (next))
            return false;
    for (Word port = 0x80; which == Mappings::all && port < 0x90; ++port)
        if (!ports::is_consistent (port))
            return false;
    return true;
}

void check_after (Mappings which)
{
    Tcb const& self = machine::tcb_area::current ();
    CHECK (is_consistent (self));
    CHECK (send_queue::is_consistent (self));
    CHECK (scheduler::is_consistent ());
    CHECK (wakeup::is_consistent ());
    CHECK (interrupt::is_consistent ());
    if (which == Mappings::all)         // only these calls touch it
        CHECK (task_table::consistent ());
    CHECK (kernel_frames.consistent ());
    CHECK (mappings_are_consistent (which));
    CHECK (ports_are_consistent (which));
}

}  // namespace

}  // namespace kernel

#define CHECKED(call, which)                                                                       \
    extern "C" void __real_##call (machine::TrapFrame& frame);                                     \
    extern "C" void __wrap_##call (machine::TrapFrame& frame);                                     \
    void __wrap_##call (machine::TrapFrame& frame)                                                 \
    {                                                                                              \
        __real_##call (frame);                                                                     \
        kernel::check_after (kernel::Mappings::which);                                             \
    }

CHECKED (sys_ipc, next_region)
CHECKED (sys_ipc_resume, next_region)
CHECKED (sys_id_nearest, next_region)
CHECKED (sys_fpage_unmap, all)
CHECKED (sys_thread_switch, next_region)
CHECKED (sys_thread_schedule, next_region)
CHECKED (sys_lthread_ex_regs, next_region)
CHECKED (sys_task_new, all)
