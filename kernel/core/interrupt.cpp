// SPDX-License-Identifier: BSD-2-Clause
#include <core/interrupt.hpp>

#include <core/interrupt_lines.hpp>
#include <core/ipc.hpp>
#include <core/scheduler.hpp>

#include <machine/interrupt_controller.hpp>
#include <machine/tcb_area.hpp>

namespace kernel::interrupt {

using l4::IpcError;
using l4::ThreadId;

/// The assembly path looks at it, too: entry/interrupt.asm.
extern constinit InterruptLines<Tcb, machine::InterruptController> lines asm ("interrupt_lines");
constinit InterruptLines<Tcb, machine::InterruptController> lines;

namespace {

constexpr unsigned line_of (ThreadId id) { return id.low () - 1; }

/// Whether a closed receive attaches or detaches: nothing is sent, and it waits for nothing.
bool is_association (IpcRegisters const& ipc)
{
    return ipc.send.is_nil () && ipc.timeouts.receive ().is_zero ();
}

/// The ipc of `thread` ends with the message of its line.
void deliver (Tcb& thread)
{
    ipc::finish (thread, IpcError::none);
    thread.ipc.partner = l4::interrupt_id (thread.interrupt_line - 1U);
}

IpcError attach (Tcb& self, unsigned line)
{
    if (lines.has_message (self)) {     // whichever line is meant, this comes first
        self.awaited = l4::interrupt_id (self.interrupt_line - 1U);
        return IpcError::none;
    }
    if (!lines.can_attach (self, line))
        return IpcError::not_existent;
    lines.attach (self, line, self.is_strict () ? Acknowledge::kernel : Acknowledge::driver);
    return IpcError::none;
}

}  // namespace

void allow_fast_delivery () { lines.allow_fast_delivery (); }

void occurred (unsigned line)
{
    Tcb* const handler = lines.fire (line);
    if (handler == nullptr)
        return;
    deliver (*handler);
    scheduler::wake (*handler);
}

IpcError begin_closed_receive (Tcb& self)
{
    ThreadId const source = self.ipc.partner;
    bool const associates = is_association (self.ipc);
    if (source.is_nil ()) {
        if (associates)
            detach (self);
        return IpcError::none;
    }
    if (associates)
        return attach (self, line_of (source));
    return self.interrupt_line == source.low () ? IpcError::none : IpcError::not_existent;
}

bool take_message (Tcb& self)
{
    bool const accepts = self.awaited.is_invalid ()
                         || self.awaited == l4::interrupt_id (self.interrupt_line - 1U);
    if (!lines.begin_receive (self, accepts))
        return false;
    deliver (self);
    return true;
}

IpcError release (Tcb& self)
{
    bool const allowed = self.interrupt_line == self.ipc.partner.low () && self.ipc.w0 == 0
                         && self.ipc.send.address () == 0 && !self.ipc.send.maps ()
                         && !self.in_kernel_rpc;
    return allowed && lines.release (self) ? IpcError::none : IpcError::not_existent;
}

void detach (Tcb& thread)
{
    lines.detach (thread);
}

bool is_consistent () { return lines.consistent (); }

}  // namespace kernel::interrupt

l4::Word open_interrupt_line (kernel::Tcb& self)
{
    return kernel::interrupt::lines.open (self) ? 1 : 0;
}
