// SPDX-License-Identifier: BSD-2-Clause
/// @file  ipc, int 30h.
///
///     in   EAX send descriptor, EBP receive descriptor, ECX timeouts, EDX w0, EBX w1,
///          ESI:EDI destination or source; deceiving: [ESP], [ESP + 4] virtual source
///     out  EAX message dope and result, EDX w0, EBX w1, ESI:EDI source; redirected: ECX:EBP
///          the id that the sender had addressed
#include <core/fault_ipc.hpp>
#include <core/ipc.hpp>
#include <core/space.hpp>
#include <core/system_calls.hpp>

#include <machine/page_refusal.hpp>
#include <machine/tcb_area.hpp>
#include <machine/user_memory.hpp>

namespace {

/// Read the name that a deceiving sender wants to use from its stack. Out of bounds, or if the
/// deceit bit means nothing to the sender: it sends under its own.
/// @return false after a page fault: the call is to be made once more
bool read_virtual_source (kernel::Tcb& self, machine::TrapFrame& frame)
{
    using kernel::fault_ipc::FaultAccess;
    l4::Word words[2] {};
    if (!self.is_strict () || frame.esp > l4::user_limit - sizeof words) {
        self.ipc.send = self.ipc.send.honest ();
        return true;
    }
    machine::SmallSpace& small = self.space->small_space ();
    small.grow_for (*self.space, frame.esp, sizeof words);
    machine::CopyResult const read = machine::copy_user (reinterpret_cast<l4::Address> (words),
                                                         small.linear (frame.esp), sizeof words);
    if (read.done == sizeof words) {
        self.path.virtual_source = { words[0], words[1] };
        return true;
    }
    frame.repeat_system_call ();
    if (!kernel::fault_ipc::page_fault (self, small.user_address (read.fault_address),
                                        FaultAccess::read))
        machine::raise_page_refused (self, frame);
    return false;
}

void return_results (kernel::Tcb const& self, machine::TrapFrame& frame)
{
    frame.eax = self.ipc.dope.raw ();
    frame.edx = self.ipc.w0;
    frame.ebx = self.ipc.w1;
    frame.esi = self.ipc.partner.low ();
    frame.edi = self.ipc.partner.high ();
    if (self.ipc.dope.redirected ()) {
        frame.ecx = self.path.addressed.low ();
        frame.ebp = self.path.addressed.high ();
    }
}

}  // namespace

void sys_ipc (machine::TrapFrame& frame)
{
    kernel::Tcb& self = machine::tcb_area::current ();
    self.ipc = { .dope = {},
                 .w0 = frame.edx,
                 .w1 = frame.ebx,
                 .partner = { frame.esi, frame.edi },
                 .send = l4::SendDescriptor { frame.eax },
                 .timeouts = l4::Timeouts { frame.ecx },
                 .receive = l4::ReceiveDescriptor { frame.ebp } };
    if (self.ipc.send.deceives () && !self.ipc.send.is_nil ()
        && !read_virtual_source (self, frame))
        return;
    kernel::ipc::perform (self);
    return_results (self, frame);
}

void sys_ipc_resume (machine::TrapFrame& frame)
{
    kernel::Tcb& self = machine::tcb_area::current ();
    frame.ecx = self.ipc.timeouts.raw ();
    frame.ebp = self.ipc.receive.raw ();
    kernel::ipc::resume (self);
    return_results (self, frame);
}
