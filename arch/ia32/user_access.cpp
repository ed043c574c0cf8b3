// SPDX-License-Identifier: BSD-2-Clause
#include <user_access.hpp>

#include <core/fault_ipc.hpp>

#include <machine/user_memory.hpp>

namespace ia32 {

namespace {

bool is_user_range (Address address, Word size)
{
    return address < l4::user_limit && size <= l4::user_limit - address;
}

Outcome copy (kernel::Tcb& self, Address to, Address from, Word size)
{
    using kernel::fault_ipc::FaultAccess;
    machine::CopyResult const result = machine::copy_user (to, from, size);
    if (result.done == size)
        return Outcome::done;
    FaultAccess const access = result.fault_was_write ? FaultAccess::write : FaultAccess::read;
    return kernel::fault_ipc::page_fault (self, result.fault_address, access) ? Outcome::again
                                                                              : Outcome::refused;
}

}  // namespace

Outcome read_user (kernel::Tcb& self, void* to, Address from, Word size)
{
    return is_user_range (from, size) ? copy (self, reinterpret_cast<Address> (to), from, size)
                                      : Outcome::refused;
}

Outcome write_user (kernel::Tcb& self, Address to, void const* from, Word size)
{
    return is_user_range (to, size) ? copy (self, to, reinterpret_cast<Address> (from), size)
                                    : Outcome::refused;
}

}  // namespace ia32
