// SPDX-License-Identifier: BSD-2-Clause
/// @file  ipc, int 30h.
///
///     in   EAX send descriptor, EBP receive descriptor, ECX timeouts, EDX w0, EBX w1,
///          ESI:EDI destination or source
///     out  EAX message dope and result, EDX w0, EBX w1, ESI:EDI source
#include <core/ipc.hpp>
#include <core/system_calls.hpp>

#include <machine/tcb_area.hpp>

namespace {

void return_results (kernel::Tcb const& self, machine::TrapFrame& frame)
{
    frame.eax = self.ipc.dope.raw ();
    frame.edx = self.ipc.w0;
    frame.ebx = self.ipc.w1;
    frame.esi = self.ipc.partner.low ();
    frame.edi = self.ipc.partner.high ();
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
