// SPDX-License-Identifier: BSD-2-Clause
#include <user_access.hpp>

#include <core/fault_ipc.hpp>
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

Outcome copy (kernel::Tcb& self, Address to, Address from, Word size)
{
    using kernel::fault_ipc::FaultAccess;
    machine::CopyResult const result = machine::copy_user (to, from, size);
    Address const fault_address
        = self.space->small_space ().user_address (result.fault_address);
    if (result.done == size)
        return Outcome::done;
    FaultAccess const access = result.fault_was_write ? FaultAccess::write : FaultAccess::read;
    return kernel::fault_ipc::page_fault (self, fault_address, access) ? Outcome::again
                                                                              : Outcome::refused;
}

}  // namespace

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
