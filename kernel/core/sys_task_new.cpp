// SPDX-License-Identifier: BSD-2-Clause
/// @file  task_new, int 36h.
///
///     in   EAX mcp and profile, or the new chief if the pager is nil; ECX ESP, EDX EIP,
///          EBX:EBP pager, ESI task id (EDI is ignored)
///     out  ESI:EDI id of the task, nil: failed
///
/// An active task is deleted first, with its clan.
#include <core/map.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/system_calls.hpp>
#include <core/task_deletion.hpp>
#include <core/task_table.hpp>
#include <core/thread_table.hpp>
#include <l4/task_parameter.hpp>

#include <machine/tcb_area.hpp>

using kernel::Space;
using kernel::Tcb;
using l4::Profile;
using l4::ThreadId;
using l4::Word;

namespace task_table = kernel::task_table;

namespace {

/// Id of thread 0 of a task with the version bits that the caller wants.
ThreadId new_id (ThreadId requested, ThreadId chief)
{
    return ThreadId::make ({ .task = requested.task (),
                             .lthread = 0,
                             .version = requested.version (),
                             .chief = chief.task (),
                             .nest = task_table::nest_below (chief),
                             .site = chief.site () });
}

/// Pass the right to the number on to the task whose low id word is `chief`.
ThreadId hand_over (ThreadId requested, Word chief)
{
    Space const* const receiver = task_table::space (ThreadId { chief, 0 }.task ());
    if (receiver == nullptr)
        return ThreadId::nil ();
    task_table::set_chief (requested.task (), receiver->task ().task ());
    return new_id (requested, receiver->task ());
}

constexpr Word deepest_nest = ThreadId::Nest::max;

/// Whether `self` may create an active task with `parameter`. An l4env task can disable
/// interrupts, so only who can do that too may create one.
bool may_create (Tcb const& self, l4::TaskParameter parameter)
{
    if (task_table::nest_below (self.id) > deepest_nest || !parameter.is_valid ())
        return false;
    return parameter.inherits () || parameter.profile () != Profile::l4env
           || self.space->is_trusted ();
}

/// Whether a new task looks as if it could do with 4 MB. An l4env task has a page far above.
bool fits_small_space (Profile profile, machine::TrapFrame const& frame)
{
    return profile == Profile::strict && frame.edx < machine::SmallSpace::unit
           && frame.ecx <= machine::SmallSpace::unit;
}

ThreadId create (Tcb& self, ThreadId requested, machine::TrapFrame const& frame)
{
    ThreadId const id = new_id (requested, self.id);
    l4::TaskParameter const parameter { frame.eax };
    Profile const profile = parameter.inherits () ? self.profile : parameter.profile ();
    Space* const space = Space::create (id, profile, kernel::task_quota ());
    if (space == nullptr)
        return ThreadId::nil ();
    Tcb* const thread = kernel::thread_table::create (
        { id, *space, self, { frame.ebx, frame.ebp } });
    if (thread == nullptr) {
        Space::destroy (*space);
        return ThreadId::nil ();
    }
    Word const mcp = parameter.mcp ();
    thread->mcp = static_cast<std::uint8_t> (mcp < self.mcp ? mcp : self.mcp);
    task_table::set_space (id.task (), space);
    if (profile == Profile::l4env && !kernel::map_kernel_info_page (*space)) {
        kernel::delete_task (self, id.task ());
        return ThreadId::nil ();
    }
    if (fits_small_space (profile, frame))
        machine::SmallSpace::enter_any (*space);
    kernel::thread_table::start (*thread, frame.edx, frame.ecx);
    return id;
}

bool owns (Tcb const& self, ThreadId requested)
{
    return !requested.is_nil () && task_table::chief (requested.task ()) == self.id.task ()
           && requested.task () != l4::sigma0_task && !self.space->is_dying;
}

/// A step towards the memory that a task takes at once. @return whether all is prepared
bool prepare_memory (ThreadId id)
{
    return kernel::prepare_zeroed_frames () && machine::tcb_area::prepare (id);
}

/// Delete the task, if there is one, and prepare for a new one if it `creates`. Others run
/// meanwhile, and may do the same with the same number.
/// @return whether the number is the caller's and free
bool make_room (Tcb& self, ThreadId requested, bool creates)
{
    for (bool has_rested = false; owns (self, requested); has_rested = true) {
        if (task_table::space (requested.task ()) != nullptr)
            kernel::delete_task (self, requested.task ());
        else if (has_rested && (!creates || prepare_memory (requested)))
            return true;
        kernel::scheduler::serve_interrupts ();
    }
    return false;
}

ThreadId task_new (Tcb& self, machine::TrapFrame const& frame)
{
    ThreadId const requested { frame.esi, 0 };
    bool const inactive = ThreadId { frame.ebx, frame.ebp }.is_nil ();
    bool const permitted = inactive || may_create (self, l4::TaskParameter { frame.eax });
    if (!permitted || !make_room (self, requested, !inactive))
        return ThreadId::nil ();
    return inactive ? hand_over (requested, frame.eax) : create (self, requested, frame);
}

}  // namespace

void sys_task_new (machine::TrapFrame& frame)
{
    ThreadId const id = task_new (machine::tcb_area::current (), frame);
    frame.esi = id.low ();
    frame.edi = id.high ();
}
