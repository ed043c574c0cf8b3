// SPDX-License-Identifier: BSD-2-Clause
#include <core/fault_ipc.hpp>

#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <l4/protocol/page_fault.hpp>
#include <lib/assert.hpp>

namespace kernel::fault_ipc {

namespace {

/// Call the pager with (w0, instruction pointer). Any reply will do: if it did not help, the
/// instruction faults again. Without a pager the thread is shut down.
void call_pager (Tcb& self, Word w0)
{
    self.ipc = { .dope = {},
                 .w0 = w0,
                 .w1 = self.user_frame ().eip,
                 .partner = self.pager,
                 .send = l4::SendDescriptor::registers (),
                 .receive = l4::ReceiveDescriptor::map_window (l4::Fpage::whole_space ()),
                 .timeouts = l4::Timeouts::never () };
    self.in_kernel_rpc = true;
    ipc::perform (self);
    self.in_kernel_rpc = false;
    if (self.ipc.dope.error () == static_cast<Word> (l4::IpcError::not_existent))
        shut_down (self);
}

/// sigma0 has no pager: its space contains all physical memory at the same addresses.
void resolve_in_initial_space (Tcb& self, Address address)
{
    machine::Page page = self.space->lookup (address);
    if (page.bits == l4::superpage_bits) {
        page.frame += address & (l4::superpage_size - 1) & ~(l4::page_size - 1);
        page.bits = l4::page_bits;
    }
    if (!self.space->directory ().enter (address & ~(l4::page_size - 1), page,
                                         self.space->quota ()))
        shut_down (self);
}

}  // namespace

void page_fault (Tcb& self, Address address, FaultAccess access)
{
    if (address >= l4::user_limit)
        return shut_down (self);
    if (self.space->is_initial ())
        return resolve_in_initial_space (self, address);
    call_pager (self, (address & ~Word { 3 }) | (access == FaultAccess::write ? 2U : 0U));
}

void io_fault (Tcb& self, l4::Fpage ports)
{
    if (self.space->is_initial ())
        return shut_down (self);
    call_pager (self, ports.raw () | 2);
}

void shut_down (Tcb& self)
{
    self.state = ThreadState::dead;
    scheduler::block ();
}

}  // namespace kernel::fault_ipc
