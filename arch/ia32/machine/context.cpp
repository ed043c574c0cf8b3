// SPDX-License-Identifier: BSD-2-Clause
#include <machine/context.hpp>

#include <segment/selectors.hpp>

/// entry/traps.asm. The latter calls the function in EBX.
extern "C" void resume_user ();
extern "C" void resume_through ();

namespace machine {

namespace {

/// What switch_context pops.
struct SwitchFrame {
    Word edi, esi, ebx, ebp;
    Word return_address;
};

/// A thread that waits without a stack in its own ipc has not saved its general registers.
bool has_no_registers (kernel::Tcb const& thread)
{
    using kernel::Resumption;
    return thread.resumption == Resumption::ipc_results
           || thread.resumption == Resumption::ipc_results_with_resources;
}

void drop_registers (kernel::Tcb& thread)
{
    TrapFrame& frame = thread.user_frame ();
    frame.edi = frame.esi = frame.ebp = frame.ebx = frame.edx = frame.ecx = frame.eax = 0;
}

void set_stack (kernel::Tcb& thread, SwitchFrame const& frame)
{
    Address const stack = thread.stack_end () - sizeof (TrapFrame) - sizeof (SwitchFrame);
    *reinterpret_cast<SwitchFrame*> (stack) = frame;
    thread.resumption = kernel::Resumption::kernel_stack;
    thread.kernel_esp = stack;
}

}  // namespace

void return_to_user (kernel::Tcb& thread)
{
    if (has_no_registers (thread))
        drop_registers (thread);
    set_stack (thread, { 0, 0, 0, 0, reinterpret_cast<Word> (&resume_user) });
}

void leave_through (kernel::Tcb& thread, void (*function) (TrapFrame&))
{
    if (has_no_registers (thread))
        drop_registers (thread);
    set_stack (thread, { 0, 0, reinterpret_cast<Word> (function), 0,
                         reinterpret_cast<Word> (&resume_through) });
}

void prepare_user_context (kernel::Tcb& thread)
{
    TrapFrame frame {};
    frame.cs = ia32::user_code;
    frame.ss = ia32::user_data;
    frame.eflags = ia32::eflags::always_one | ia32::eflags::interrupts
                   | (thread.is_strict () ? 0 : ia32::eflags::io_privilege_user);
    thread.user_frame () = frame;
    return_to_user (thread);
}

}  // namespace machine
