// SPDX-License-Identifier: BSD-2-Clause
/// @file  task_new, int 36h.
///
///     in   EAX mcp and profile, or the new chief if the pager is nil; ECX ESP, EDX EIP,
///          EBX:EBP pager, ESI task id (EDI is ignored)
///     out  ESI:EDI id of the task, nil: failed
///
/// An active task is deleted first, with its clan.
#include <core/space.hpp>
#include <core/system_calls.hpp>
#include <core/task_deletion.hpp>
#include <core/task_table.hpp>
#include <core/thread_table.hpp>
#include <l4/bitfield.hpp>
#include <l4/syscall.hpp>

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

using Mcp = l4::BitField<0, 8>;
using ProfileField = l4::BitField<8, 2>;    ///< 0: the creator's; otherwise l4::Profile

/// Whether `self` may create an active task with the parameters in `eax`. An l4env task can
/// disable interrupts, so only who can do that too may create one.
bool may_create (Tcb const& self, Word eax)
{
    if (task_table::nest_below (self.id) > deepest_nest)
        return false;
    Word const profile = ProfileField::get (eax);
    if (profile > static_cast<Word> (Profile::l4env))
        return false;
    return profile != static_cast<Word> (Profile::l4env) || self.space->is_trusted ();
}

Profile profile_for (Tcb const& self, Word eax)
{
    Word const profile = ProfileField::get (eax);
    return profile == 0 ? self.profile : static_cast<Profile> (profile);
}

ThreadId create (Tcb& self, ThreadId requested, machine::TrapFrame const& frame)
{
    ThreadId const id = new_id (requested, self.id);
    Space* const space
        = Space::create (id, profile_for (self, frame.eax), kernel::task_quota ());
    if (space == nullptr)
        return ThreadId::nil ();
    Tcb* const thread = kernel::thread_table::create (
        { id, *space, self, { frame.ebx, frame.ebp } });
    if (thread == nullptr) {
        Space::destroy (*space);
        return ThreadId::nil ();
    }
    Word const mcp = Mcp::get (frame.eax);
    thread->mcp = static_cast<std::uint8_t> (mcp < self.mcp ? mcp : self.mcp);
    task_table::set_space (id.task (), space);
    kernel::thread_table::start (*thread, frame.edx, frame.ecx);
    return id;
}

ThreadId task_new (Tcb& self, machine::TrapFrame const& frame)
{
    ThreadId const requested { frame.esi, 0 };
    if (requested.is_nil () || task_table::chief (requested.task ()) != self.id.task ()
        || requested.task () == l4::sigma0_task || self.space->is_dying)
        return ThreadId::nil ();
    bool const inactive = ThreadId { frame.ebx, frame.ebp }.is_nil ();
    if (!inactive && !may_create (self, frame.eax))
        return ThreadId::nil ();
    kernel::delete_task (self, requested.task ());
    return inactive ? hand_over (requested, frame.eax) : create (self, requested, frame);
}

}  // namespace

void sys_task_new (machine::TrapFrame& frame)
{
    ThreadId const id = task_new (machine::tcb_area::current (), frame);
    frame.esi = id.low ();
    frame.edi = id.high ();
}
