// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_schedule, int 34h.
///
///     in   EAX parameter word, -1: only read; EBX:EBP external preempter, -1: leave it;
///          ESI:EDI thread
///     out  EAX old parameter word with the thread's state, -1: refused; EBX:EBP old external
///          preempter; ESI:EDI partner of its ipc or invalid; EDX:ECX processor time in
///          microseconds (48 bits) and, in EDX, the timeout that is left
#include <core/scheduler.hpp>
#include <core/small_space_move.hpp>
#include <core/space.hpp>
#include <core/system_calls.hpp>
#include <core/thread_table.hpp>
#include <core/time.hpp>
#include <l4/schedule.hpp>
#include <l4/syscall.hpp>

#include <machine/tcb_area.hpp>

using kernel::Tcb;
using kernel::ThreadState;
using l4::ScheduleParameter;
using l4::ThreadId;
using l4::ThreadStateCode;
using l4::Word;

namespace {

ThreadStateCode state_of (Tcb const& thread)
{
    if (thread.state == ThreadState::dead)
        return ThreadStateCode::dead;
    kernel::TransferLink const& transfer = thread.users_transfer ();
    ThreadStateCode const base = transfer.partner == nullptr ? ThreadStateCode::running
                                 : transfer.sends            ? ThreadStateCode::sending
                                                             : ThreadStateCode::receiving;
    if (thread.in_kernel_rpc)
        return static_cast<ThreadStateCode> (static_cast<Word> (base) | thread.in_kernel_rpc);
    if (thread.state == ThreadState::waiting)
        return ThreadStateCode::waiting;
    return thread.state == ThreadState::pending ? ThreadStateCode::pending : base;
}

ThreadId partner_of (Tcb const& thread)
{
    kernel::TransferLink const& transfer = thread.users_transfer ();
    if (transfer.partner != nullptr)
        return transfer.partner->id;
    ThreadStateCode const state = state_of (thread);
    bool const blocked = state == ThreadStateCode::waiting || state == ThreadStateCode::pending;
    return blocked ? thread.awaited : ThreadId::invalid ();
}

/// What is left of the timeout of a blocked thread, as bits 31..20 of EDX.
Word remaining_timeout (Tcb const& thread)
{
    using Exponent = l4::BitField<20, 4>;
    using Mantissa = l4::BitField<24, 8>;
    if (!thread.has_deadline () || thread.in_kernel_rpc)
        return 0;
    Word const ticks = kernel::is_before (kernel::now, thread.deadline)
                           ? thread.deadline - kernel::now
                           : 0;
    auto const left
        = l4::Timeout::at_least (std::uint64_t { ticks } * kernel::tick_microseconds);
    return Exponent::make (left.exponent) | Mantissa::make (left.mantissa);
}

void report (Tcb const& thread, machine::TrapFrame& frame)
{
    std::uint64_t const cpu_time
        = std::uint64_t { thread.cpu_ticks } * kernel::tick_microseconds;
    l4::Timeout const slice { thread.slice_exponent, thread.slice_mantissa };
    frame.eax = ScheduleParameter { thread.priority, slice, thread.space->small_space ().number (),
                                     state_of (thread) }.raw ();
    frame.ecx = static_cast<Word> (cpu_time);
    frame.edx = (static_cast<Word> (cpu_time >> 32) & 0xFFFF) | remaining_timeout (thread);
    frame.ebx = thread.external_preempter.low ();
    frame.ebp = thread.external_preempter.high ();
    ThreadId const partner = partner_of (thread);
    frame.esi = partner.low ();
    frame.edi = partner.high ();
}

/// Null if the id names nothing.
Tcb* find_target (Tcb const& self, ThreadId id)
{
    return kernel::thread_table::find (kernel::thread_table::named_by (self, id));
}

}  // namespace

void sys_thread_schedule (machine::TrapFrame& frame)
{
    Tcb& self = machine::tcb_area::current ();
    Tcb* const thread = find_target (self, { frame.esi, frame.edi });
    if (thread == nullptr || thread->priority > self.mcp) {
        frame.eax = l4::unchanged;
        return;
    }
    ScheduleParameter const parameter { frame.eax };
    ThreadId const preempter { frame.ebx, frame.ebp };
    report (*thread, frame);
    if (!preempter.is_invalid ())
        thread->external_preempter = preempter;
    // A priority beyond the caller's authority makes the whole word void.
    if (parameter.is_read_only () || parameter.priority () > self.mcp)
        return;
    ThreadId const id = thread->id;
    kernel::move_to_small_space (id, parameter.small_space ());
    if (Tcb* const moved = kernel::thread_table::find (id))
        kernel::scheduler::set_parameters (*moved, parameter.priority (), parameter.slice ());
}
