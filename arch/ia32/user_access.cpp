// SPDX-License-Identifier: BSD-2-Clause
#include <user_access.hpp>

#include <core/fault_ipc.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>

#include <machine/user_memory.hpp>

namespace ia32 {

namespace {

bool is_user_range (Address address, Word size)
{
    return address < l4::user_limit && size <= l4::user_limit - address;
}

/// Where the running task's memory lies; the task becomes large if it does not reach that far.
Address linear (kernel::Tcb& self, Address address, Word size)
{
    machine::SmallSpace& small = self.space->small_space ();
    small.grow_for (*self.space, address, size);
    return small.linear (address);
}

/// Have the pager serve a fault. What comes before and behind takes long, too: others may come in
/// between.
Outcome fetch (kernel::Tcb& self, machine::CopyResult const& fault)
{
    using kernel::fault_ipc::FaultAccess;
    Address const address = self.space->small_space ().user_address (fault.fault_address);
    FaultAccess const access = fault.fault_was_write ? FaultAccess::write : FaultAccess::read;
    if (!stays_after_rest (self))
        return Outcome::again;
    if (!kernel::fault_ipc::page_fault (self, address, access))
        return Outcome::refused;
    kernel::scheduler::serve_interrupts ();
    return Outcome::again;
}

Outcome copy (kernel::Tcb& self, Address to, Address from, Word size)
{
    machine::CopyResult const result = machine::copy_user (to, from, size);
    return result.done == size ? Outcome::done : fetch (self, result);
}

}  // namespace

bool stays_after_rest (kernel::Tcb const& self)
{
    Address const eip = self.user_frame ().eip;
    kernel::scheduler::serve_interrupts ();
    return self.user_frame ().eip == eip;
}

Outcome read_user (kernel::Tcb& self, void* to, Address from, Word size)
{
    return is_user_range (from, size)
               ? copy (self, reinterpret_cast<Address> (to), linear (self, from, size), size)
               : Outcome::refused;
}

Outcome write_user (kernel::Tcb& self, Address to, void const* from, Word size)
{
    return is_user_range (to, size)
               ? copy (self, linear (self, to, size), reinterpret_cast<Address> (from), size)
               : Outcome::refused;
}

}  // namespace ia32
