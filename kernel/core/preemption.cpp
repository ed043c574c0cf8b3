// SPDX-License-Identifier: BSD-2-Clause
#include <core/preemption.hpp>

#include <core/ipc.hpp>

namespace kernel::preemption {

namespace {

bool is_enabled;

void call (Tcb& self, KernelRpc kind, l4::ThreadId preempter)
{
    machine::TrapFrame const& frame = self.user_frame ();
    self.ipc = { .dope = {},
                 .w0 = frame.esp,
                 .w1 = frame.eip,
                 .partner = preempter,
                 .send = l4::SendDescriptor::registers (),
                 .timeouts = l4::Timeouts::never (),
                 .receive = l4::ReceiveDescriptor::registers () };
    self.in_kernel_rpc = kind;
    ipc::perform (self);
    self.in_kernel_rpc = no_rpc;
}

}  // namespace

void enable () { is_enabled = true; }

void report (Tcb& self, Tcb const& owner)
{
    if (!is_enabled)
        return;
    bool const own = &self == &owner;
    l4::ThreadId const preempter = own ? self.internal_preempter : self.external_preempter;
    if (!preempter.is_nil ())
        call (self, own ? internal_preempter_rpc : external_preempter_rpc, preempter);
}

}  // namespace kernel::preemption
