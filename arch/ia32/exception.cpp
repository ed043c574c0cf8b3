// SPDX-License-Identifier: BSD-2-Clause
#include <exception.hpp>

#include <core/fault_ipc.hpp>
#include <core/panic.hpp>
#include <core/space.hpp>

#include <control.hpp>
#include <copy_fault.hpp>
#include <io_access.hpp>
#include <l4env_instruction.hpp>
#include <machine/fpu.hpp>
#include <machine/tcb_area.hpp>
#include <segment/selectors.hpp>
#include <segment/tss.hpp>

/// entry/traps.asm: the IRET to user mode.
extern "C" void resume_user_iret ();
/// ipc_fast.asm: the same.
extern "C" void ipc_fast_iret () asm ("ipc_fast.iret");

/// entry/copy.asm: the two instructions that touch user memory, and where a fault continues.
extern "C" void copy_user_words_at ();
extern "C" void copy_user_rest_at ();
extern "C" void copy_user_fault ();

namespace ia32 {

Word limit_probe_resume;
CopyFault copy_fault;

using kernel::Tcb;
using machine::TrapFrame;

namespace {

enum Vector : Word {
    non_maskable_interrupt = 2,
    breakpoint = 3,
    invalid_opcode = 6,
    device_not_available = 7,
    segment_not_present = 11,
    stack_fault = 12,
    general_protection = 13,
    page_fault = 14,
};

constexpr Word page_fault_was_write = 2;

Word read_fs () { Word v; asm ("movl %%fs, %0" : "=r"(v)); return v; }
Word read_gs () { Word v; asm ("movl %%gs, %0" : "=r"(v)); return v; }

/// Users may load any selector, but keep only the flat one: a fault with another one loaded gets
/// it replaced and the instruction repeated. @return whether there was something to replace
bool repair_segments (TrapFrame& frame)
{
    bool const flat = frame.ds == user_data && frame.es == user_data && read_fs () == user_data
                      && read_gs () == user_data;
    if (flat)
        return false;
    frame.ds = frame.es = user_data;    // resume_user loads them
    asm volatile ("movw %0, %%fs\n\tmovw %0, %%gs" : : "r"(user_data));
    return true;
}

/// A port access or CLI/STI without permission. @return false if the fault was something else
bool handle_io_fault (Tcb& self, TrapFrame& frame)
{
    IoAccess const access = decode_io_access (*self.space, frame);
    machine::IoSpace& io = self.space->io ();
    switch (access.kind) {
    case IoAccess::none:
        return false;
    case IoAccess::interrupt_flag:
        if (io.is_complete ()) {
            frame.eflags |= eflags::io_privilege_user;
            io.set_privileged (true);
        } else {
            kernel::fault_ipc::io_fault (self, l4::Fpage::whole_io ());
        }
        return true;
    case IoAccess::ports:
        if (!io.permits (access.port, access.count))
            kernel::fault_ipc::io_fault (self, access.fpage ());
        else if (!machine::IoSpace::is_installed ()) {
            io.install ();
            self.resources.add (machine::Resources::io_bitmap);
        } else {
            return false;
        }
        return true;
    }
    return false;
}

void handle_user_exception (Tcb& self, TrapFrame& frame)
{
    using kernel::fault_ipc::FaultAccess;
    if (frame.is_virtual_8086 ())       // some emulators let user mode enter it
        return kernel::fault_ipc::shut_down (self);
    switch (frame.vector) {
    case non_maskable_interrupt:        // the hardware's, not the thread's
        kernel::panic ("non-maskable interrupt: the hardware reports a failure", &frame);
    case breakpoint:
        return self.is_strict () ? kernel::fault_ipc::shut_down (self) : debug_call (self, frame);
    case invalid_opcode:
        if (self.is_strict () || !emulate_lock_nop (self, frame))
            kernel::fault_ipc::shut_down (self);
        return;
    case page_fault:
        return kernel::fault_ipc::page_fault (self, read_cr2 (),
                                              (frame.error_code & page_fault_was_write) != 0
                                                  ? FaultAccess::write
                                                  : FaultAccess::read);
    case device_not_available:
        if (!machine::Fpu::take (self))
            kernel::fault_ipc::shut_down (self);
        return;
    case general_protection:
        if (frame.error_code == 0 && handle_io_fault (self, frame))
            return;
        [[fallthrough]];
    case segment_not_present:
    case stack_fault:
        if (repair_segments (frame))
            return;
        [[fallthrough]];
    default:
        kernel::fault_ipc::shut_down (self);
    }
}

template <typename Function>
Word address_of (Function* function)
{
    return reinterpret_cast<Word> (function);
}

/// A page fault of the kernel's copy of user memory: note it and let the copy end early.
bool end_copy (TrapFrame& frame)
{
    if (frame.vector != page_fault)
        return false;
    if (frame.eip != address_of (copy_user_words_at) && frame.eip != address_of (copy_user_rest_at))
        return false;
    copy_fault = { read_cr2 (), (frame.error_code & page_fault_was_write) != 0 };
    frame.eax = frame.eip == address_of (copy_user_rest_at) ? 1 : 0;
    frame.eip = address_of (copy_user_fault);
    return true;
}

}  // namespace

void double_fault ()
{
    kernel::panic ("double fault");
}

}  // namespace ia32

void handle_exception (machine::TrapFrame& frame)
{
    if (frame.from_user ())
        return ia32::handle_user_exception (machine::tcb_area::current (), frame);
    if (frame.vector == ia32::general_protection && ia32::limit_probe_resume != 0) {
        frame.eip = ia32::limit_probe_resume;
        return;
    }
    if (ia32::end_copy (frame))
        return;
    // The return to user mode itself faults if the user's EIP lies beyond its segment.
    if (frame.eip == ia32::address_of (resume_user_iret)
        || frame.eip == ia32::address_of (ipc_fast_iret))
        return kernel::fault_ipc::shut_down (machine::tcb_area::current ());
    kernel::panic ("exception in the kernel", &frame);
}
