// SPDX-License-Identifier: BSD-2-Clause
#include <exception.hpp>

#include <core/fault_ipc.hpp>
#include <core/panic.hpp>
#include <core/space.hpp>

#include <control.hpp>
#include <copy_fault.hpp>
#include <emulation.hpp>
#include <expected_fault.hpp>
#include <l4env_instruction.hpp>
#include <machine/debug_registers.hpp>
#include <machine/fpu.hpp>
#include <machine/tcb_area.hpp>
#include <machine/tls.hpp>
#include <segment/selectors.hpp>
#include <user_exception.hpp>
#include <virtual_8086.hpp>

/// entry/traps.asm: the IRET to user mode, and the way to it with a frame.
extern "C" void resume_user_iret ();
extern "C" [[noreturn]] void resume_user_from (machine::TrapFrame& frame);
/// ipc_fast.asm: the same.
extern "C" void ipc_fast_iret () asm ("ipc_fast.iret");
extern "C" void ipc_memory_iret () asm ("ipc_memory.iret");
extern "C" void page_fault_fast_iret () asm ("page_fault_fast.iret");
extern "C" void interrupt_fast_iret () asm ("interrupt_fast.iret");
extern "C" void unused_vector_fast_iret () asm ("unused_vector_fast.iret");

/// entry/ipc_memory.asm, ipc_string.asm: where they touch user memory, and where a fault continues.
extern "C" void ipc_memory_touches_users () asm ("ipc_memory.touches_users");
extern "C" void ipc_memory_touches_users_end () asm ("ipc_memory.touches_users_end");
extern "C" void ipc_string_touches_users () asm ("ipc_string.touches_users");
extern "C" void ipc_string_touches_users_end () asm ("ipc_string.touches_users_end");
extern "C" void ipc_memory_as_at_entry () asm ("ipc_memory.as_at_entry");

/// entry/unused_vector.asm: the same.
extern "C" void unused_vector_touches_user () asm ("unused_vector_fast.touches_user");
extern "C" void unused_vector_touches_user_end () asm ("unused_vector_fast.touches_user_end");
extern "C" void unused_vector_left () asm ("unused_vector_fast.left");

/// entry/copy.asm: the two instructions that touch user memory, and where a fault continues.
extern "C" void copy_user_words_at ();
extern "C" void copy_user_rest_at ();
extern "C" void copy_user_fault ();

namespace ia32 {

Word expected_fault_resume;
CopyFault copy_fault;

using kernel::Tcb;
using l4::Address;
using machine::SmallSpace;
using machine::TrapFrame;

namespace {


bool is_flat (Word selector) { return (selector & 0xFFFF) == user_data; }
bool is_null (Word selector) { return (selector & 0xFFFC) == 0; }

/// Users may load any selector, but keep only the flat one, and in FS and GS their own: a fault
/// with another one loaded gets it replaced and the instruction repeated.
/// @return whether there was something to replace
bool repair_segments (Tcb const& self, TrapFrame& frame)
{
    auto const is_fine = [&] (Word selector) {
        return is_flat (selector) || is_null (selector) || machine::Tls::is_own (self, selector);
    };
    bool const fs_is_fine = is_fine (read_fs ());
    bool const gs_is_fine = is_fine (read_gs ());
    if (is_flat (frame.ds) && is_flat (frame.es) && is_flat (frame.ss) && fs_is_fine && gs_is_fine)
        return false;
    frame.ds = frame.es = frame.ss = user_data;     // resume_user loads DS and ES
    if (!fs_is_fine)
        write_fs (user_data);
    if (!gs_is_fine)
        write_gs (user_data);
    return true;
}

/// A switch between spaces may have left null in FS and GS. @return whether that was so
bool fill_segments ()
{
    bool const was_null = is_null (read_fs ()) || is_null (read_gs ());
    if (is_null (read_fs ()))
        write_fs (user_data);
    if (is_null (read_gs ()))
        write_gs (user_data);
    return was_null;
}

/// The thread touched what it does not have.
void handle_page_fault (Tcb& self, TrapFrame& frame)
{
    using kernel::fault_ipc::FaultAccess;
    Address const linear = read_cr2 ();
    if (SmallSpace::resolve (*self.space, linear))
        return;
    bool const was_write = (frame.error_code & page_fault_was_write) != 0;
    if (!kernel::fault_ipc::page_fault (self, self.space->small_space ().user_address (linear),
                                        was_write ? FaultAccess::write : FaultAccess::read))
        deliver (self, frame, general_protection, 0);
}

/// An access that may have been beyond the end of a small space. @return whether it may succeed now
bool grow (Tcb& self)
{
    bool const was_small = self.space->small_space ().is_in_use ();
    SmallSpace::leave (*self.space);
    return was_small;
}

/// Reading the instruction may make the task large, too. A null segment explains nothing else.
bool emulate_or_grow (Tcb& self, TrapFrame& frame)
{
    bool const was_small = self.space->small_space ().is_in_use ();
    return emulate (self, frame) || fill_segments () || grow (self) || was_small;
}

/// What can be done about an exception so that the thread goes on as if there were none.
/// @return false: nothing
bool resolve (Tcb& self, TrapFrame& frame)
{
    switch (frame.vector) {
    case debug_exception:
        machine::DebugRegisters::take_status (self);
        return false;
    case breakpoint:
        if (self.is_strict ())
            return false;
        debug_call (self, frame);
        return true;
    case invalid_opcode:
        return !self.is_strict () && emulate_lock_nop (self, frame);
    case device_not_available:
        return machine::Fpu::take (self);
    case segment_not_present:
        return repair_segments (self, frame);
    case stack_fault:
        return repair_segments (self, frame) || (frame.error_code == 0 && grow (self));
    case general_protection:
        return repair_segments (self, frame)
               || (frame.error_code == 0 && emulate_or_grow (self, frame));
    case non_maskable_interrupt:        // the hardware's, not the thread's
    case machine_check:
        kernel::panic ("the hardware reports a failure", &frame);
    default:
        return false;
    }
}

void handle_user_exception (Tcb& self, TrapFrame& frame)
{
    if (frame.is_virtual_8086 ()) {
        leave_virtual_8086 (self, frame);
        return kernel::fault_ipc::shut_down (self);
    }
    if (frame.vector == page_fault)
        return handle_page_fault (self, frame);
    if (!resolve (self, frame))
        deliver (self, frame, frame.vector, frame.error_code);
}

template <typename Function>
Word address_of (Function* function)
{
    return reinterpret_cast<Word> (function);
}

/// A fault of a fast path that touches user memory: leave it all to the complete path.
bool leave_fast_path (TrapFrame& frame)
{
    auto const lies_between = [&] (void (*begin) (), void (*end) ()) {
        return frame.eip >= address_of (begin) && frame.eip < address_of (end);
    };
    if ((frame.vector == page_fault || frame.vector == general_protection)
        && lies_between (unused_vector_touches_user, unused_vector_touches_user_end)) {
        frame.eip = address_of (unused_vector_left);
        return true;
    }
    if (frame.vector != page_fault
        || !(lies_between (ipc_memory_touches_users, ipc_memory_touches_users_end)
             || lies_between (ipc_string_touches_users, ipc_string_touches_users_end)))
        return false;
    frame.eip = address_of (ipc_memory_as_at_entry);
    return true;
}

/// A page fault of the kernel's copy of user memory: note it and let the copy end early, unless
/// only the loaded directory was incomplete.
bool end_copy (TrapFrame& frame)
{
    if (frame.vector != page_fault)
        return false;
    if (frame.eip != address_of (copy_user_words_at) && frame.eip != address_of (copy_user_rest_at))
        return false;
    Address const linear = read_cr2 ();
    if (SmallSpace::show (*machine::tcb_area::current ().space, linear))
        return true;
    copy_fault = { linear, (frame.error_code & page_fault_was_write) != 0 };
    frame.eax = frame.eip == address_of (copy_user_rest_at) ? 1 : 0;
    frame.eip = address_of (copy_user_fault);
    return true;
}

/// An instruction of the kernel that was known to fault perhaps.
bool skip_expected_fault (TrapFrame& frame)
{
    if (expected_fault_resume == 0
        || (frame.vector != general_protection && frame.vector != invalid_opcode))
        return false;
    frame.eip = expected_fault_resume;
    return true;
}

/// The return to user mode has faulted: the user's EIP lies beyond its segment, or its SS has
/// become empty. The general registers, which were loaded already, are in the kernel's frame;
/// that lies where the user's frame has its own places for them.
[[noreturn]] void mend_return (Tcb& self, TrapFrame const& frame)
{
    struct General {
        Word edi, esi, ebp, ebx, edx, ecx, eax;
    };
    TrapFrame& user = self.user_frame ();
    General const general { frame.edi, frame.esi, frame.ebp, frame.ebx, frame.edx, frame.ecx,
                            frame.eax };
    user.edi = general.edi;
    user.esi = general.esi;
    user.ebp = general.ebp;
    user.ebx = general.ebx;
    user.edx = general.edx;
    user.ecx = general.ecx;
    user.eax = general.eax;
    if (!is_flat (user.ss))
        user.ss = user_data;
    else if (!grow (self))
        deliver (self, user, general_protection, 0);
    resume_user_from (user);
}

void handle_kernel_exception (TrapFrame& frame)
{
    if (frame.vector == debug_exception)        // a breakpoint of the user's, met by the kernel
        return machine::DebugRegisters::drop_status ();
    if (end_copy (frame) || leave_fast_path (frame) || skip_expected_fault (frame))
        return;
    if (frame.eip == address_of (resume_user_iret) || frame.eip == address_of (ipc_fast_iret)
        || frame.eip == address_of (ipc_memory_iret)
        || frame.eip == address_of (page_fault_fast_iret)
        || frame.eip == address_of (interrupt_fast_iret)
        || frame.eip == address_of (unused_vector_fast_iret))
        mend_return (machine::tcb_area::current (), frame);
    kernel::panic ("exception in the kernel", &frame);
}

}  // namespace

}  // namespace ia32

void handle_exception (machine::TrapFrame& frame)
{
    if (frame.from_user ())
        ia32::handle_user_exception (machine::tcb_area::current (), frame);
    else
        ia32::handle_kernel_exception (frame);
}

void resume_page_fault (machine::TrapFrame& frame)
{
    kernel::Tcb& self = machine::tcb_area::current ();
    if (!kernel::fault_ipc::end_page_fault (self))
        ia32::deliver (self, frame, ia32::general_protection, 0);
}

void handle_unused_vector (machine::TrapFrame& frame)
{
    constexpr l4::Word int_size = 2;
    kernel::Tcb& self = machine::tcb_area::current ();
    // What the processor would have done for an empty gate.
    frame.error_code = 8 * (frame.error_code & 0xFF) + 2;
    frame.eip -= int_size;
    frame.eflags |= ia32::eflags::resume;
    if (frame.is_virtual_8086 ()) {
        ia32::leave_virtual_8086 (self, frame);
        return kernel::fault_ipc::shut_down (self);
    }
    ia32::repair_segments (self, frame);
    ia32::deliver (self, frame, ia32::general_protection, frame.error_code);
}
