// SPDX-License-Identifier: BSD-2-Clause
/// @file  lthread_ex_regs, int 35h.
///
///     in   EAX lthread, l4env tasks: bit 30 no cancellation; ECX ESP, EDX EIP, EBX:EBP internal
///          preempter, ESI:EDI pager; -1 leaves a value as it is
///     out  the old values, EAX old EFLAGS; for a new thread the inputs, EAX 0
///
/// A valid EIP ends the target's ipc and starts a dead thread; without one nothing is cancelled,
/// so that reading and changing the pager have no side effect.
#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/system_calls.hpp>
#include <core/thread_table.hpp>
#include <l4/syscall.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

using kernel::Tcb;
using kernel::ThreadState;
using l4::ThreadId;
using l4::Word;

namespace {

struct Arguments {
    Word esp;
    Word eip;
    ThreadId preempter;
    ThreadId pager;
    bool cancels;                   ///< what the thread does, if it gets an instruction pointer

    [[nodiscard]] bool starts () const { return eip != l4::unchanged; }
};

constexpr Word no_cancellation = 1 << 30;

Arguments decode (Tcb const& self, machine::TrapFrame const& frame)
{
    bool const cancels = self.is_strict () || (frame.eax & no_cancellation) == 0;
    return { frame.ecx, frame.edx, { frame.ebx, frame.ebp }, { frame.esi, frame.edi }, cancels };
}

void return_old_values (machine::TrapFrame& result, Tcb const& thread)
{
    machine::TrapFrame const& old = thread.user_frame ();
    result.eax = old.eflags;
    result.ecx = old.esp;
    result.edx = old.eip;
    result.ebx = thread.internal_preempter.low ();
    result.ebp = thread.internal_preempter.high ();
    result.esi = thread.pager.low ();
    result.edi = thread.pager.high ();
}

void change_ids (Tcb& thread, Arguments const& arguments)
{
    if (!arguments.preempter.is_invalid ())
        thread.internal_preempter = arguments.preempter;
    if (!arguments.pager.is_invalid ())
        thread.pager = arguments.pager;
}

void change_thread (Tcb& thread, Arguments const& arguments)
{
    change_ids (thread, arguments);
    if (thread.state == ThreadState::dead) {
        if (arguments.starts ()) {
            machine::return_to_user (thread);
            thread.state = ThreadState::ready;
            kernel::scheduler::enqueue (thread);
        }
    } else if (arguments.starts () && arguments.cancels) {
        kernel::ipc::cancel (thread);
    }
    if (arguments.esp != l4::unchanged)
        thread.user_frame ().esp = arguments.esp;
    if (arguments.starts ())
        thread.user_frame ().eip = arguments.eip;
}

void create_thread (Tcb& self, ThreadId id, Arguments const& arguments, machine::TrapFrame& frame)
{
    ThreadId const pager = arguments.pager.is_invalid () ? self.pager : arguments.pager;
    Tcb* thread = self.space->is_dying
                      ? nullptr
                      : kernel::thread_table::create ({ id, *self.space, self, pager });
    if (thread == nullptr) {
        frame.eax = l4::unchanged;
        return;
    }
    if (!arguments.preempter.is_invalid ())
        thread->internal_preempter = arguments.preempter;
    if (arguments.starts ())
        kernel::thread_table::start (*thread, arguments.eip, arguments.esp);
    else if (arguments.esp != l4::unchanged)
        thread->user_frame ().esp = arguments.esp;
    frame.eax = 0;
}

}  // namespace

void sys_lthread_ex_regs (machine::TrapFrame& frame)
{
    Tcb& self = machine::tcb_area::current ();
    ThreadId const id = self.id.with_lthread (frame.eax);
    Arguments const arguments = decode (self, frame);

    Tcb& thread = machine::tcb_area::tcb (id);
    while (!thread.exists () && !kernel::prepare_zeroed_frames ())
        kernel::scheduler::serve_interrupts ();
    if (!thread.exists ())
        return create_thread (self, id, arguments, frame);
    machine::TrapFrame result = frame;
    return_old_values (result, thread);
    if (&thread != &self) {
        change_thread (thread, arguments);
        frame = result;
        return;
    }
    change_ids (self, arguments);
    if (arguments.esp != l4::unchanged)
        result.esp = arguments.esp;
    if (arguments.starts ())
        result.eip = arguments.eip;
    frame = result;
}
