// SPDX-License-Identifier: BSD-2-Clause
#include <core/fault_ipc.hpp>

#include <core/ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <l4/protocol/page_fault.hpp>
#include <lib/assert.hpp>

namespace kernel::fault_ipc {

namespace {

constexpr Word not_existent = static_cast<Word> (l4::IpcError::not_existent);

/// Call the pager with (w0, w1). Any reply will do, also one that does not fit: if it did not
/// help, the access faults again. @return the result's error bits
Word call_pager (Tcb& self, Word w0, Word w1, l4::Timeouts timeouts)
{
    self.ipc = { .dope = {},
                 .w0 = w0,
                 .w1 = w1,
                 .partner = self.pager,
                 .send = l4::SendDescriptor::registers (),
                 .timeouts = timeouts,
                 .receive = l4::ReceiveDescriptor::map_window (l4::Fpage::whole_space ()) };
    self.in_kernel_rpc = page_fault_rpc;
    ipc::perform (self);
    self.in_kernel_rpc = no_rpc;
    return self.ipc.dope.error ();
}

/// For a fault of the running instruction. @return whether there was a pager
bool call_pager (Tcb& self, Word w0)
{
    return call_pager (self, w0, self.user_frame ().eip, l4::Timeouts::never ()) != not_existent;
}

Word fault_word (Address address, bool is_write)
{
    return (address & ~Word { 3 }) | (is_write ? 2U : 0U);
}

}  // namespace

bool resolve_in_initial_space (Tcb& self, Address address, FaultAccess access)
{
    machine::Page const page = self.space->lookup (address);
    bool const permitted
        = page.is_mapped () && (page.writable || access == FaultAccess::read);
    if (!self.space->is_initial () || !permitted)
        return false;
    while (!prepare_zeroed_frames ())
        scheduler::serve_interrupts ();
    machine::PageDirectory& directory = self.space->directory ();
    bool const whole = page.is_superpage () && directory.find_entry (address) == nullptr;
    machine::PageEntry* const entry
        = whole ? directory.provide_superpage (address, self.space->quota ())
                : directory.provide_entry (address, self.space->quota ());
    if (entry == nullptr)
        return false;
    *entry = whole ? machine::superpage_entry_for (page) : machine::entry_for (page);
    return true;
}

bool page_fault (Tcb& self, Address address, FaultAccess access)
{
    if (address >= l4::user_limit)
        return false;
    if (self.space->is_initial ())
        return resolve_in_initial_space (self, address, access);
    return call_pager (self, fault_word (address, access == FaultAccess::write));
}

bool end_page_fault (Tcb& self)
{
    ipc::resume (self);
    self.in_kernel_rpc = no_rpc;
    return self.ipc.dope.error () != not_existent;
}

l4::IpcError fetch_page (Tcb& self, PageRequest const& request)
{
    if (self.space->is_initial ())
        return resolve_in_initial_space (
                   self, request.address,
                   request.is_write ? FaultAccess::write : FaultAccess::read)
                   ? l4::IpcError::none
                   : l4::IpcError::receive_aborted;
    l4::Timeout const timeout = request.timeout.timeout ();
    if (timeout.is_zero ())             // not even a pager that waits is asked
        return l4::IpcError::receive_timeout;
    IpcRegisters const ipc = self.ipc;
    MessagePath const path = self.path;
    l4::ThreadId const awaited = self.awaited;
    self.outer_transfer = self.transfer;
    self.transfer = {};

    Word const error = call_pager (self, fault_word (request.address, request.is_write),
                                   l4::fault_in_kernel, { timeout, timeout });
    self.transfer = self.outer_transfer;
    self.outer_transfer = {};
    self.awaited = awaited;
    self.ipc = ipc;
    self.path = path;
    if (error == static_cast<Word> (l4::IpcError::send_timeout)
        || error == static_cast<Word> (l4::IpcError::receive_timeout))
        return l4::IpcError::receive_timeout;
    return error == not_existent ? l4::IpcError::receive_aborted : l4::IpcError::none;
}

bool io_fault (Tcb& self, l4::Fpage ports)
{
    return !self.space->is_initial () && call_pager (self, ports.raw () | 2);
}

void shut_down (Tcb& self)
{
    self.state = ThreadState::dead;
    scheduler::block ();
}

}  // namespace kernel::fault_ipc
