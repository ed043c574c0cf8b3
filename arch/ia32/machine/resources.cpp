// SPDX-License-Identifier: BSD-2-Clause
#include <machine/resources.hpp>

#include <core/tcb.hpp>

#include <machine/fpu.hpp>
#include <machine/io_space.hpp>
#include <segment/idt.hpp>

namespace machine {

namespace {

bool fast_ipc_allowed;

void route_ipc (Resources const& running)
{
    ia32::route_ipc (fast_ipc_allowed && running.in_use == 0 ? ipc_fast : sys_ipc_entry);
}

}  // namespace

void Resources::add (Bit bit)
{
    in_use |= bit;
    route_ipc (*this);
}

void allow_fast_ipc ()
{
    fast_ipc_allowed = true;
    ia32::route_ipc (ipc_fast);
}

void exchange_resources (kernel::Tcb& from, kernel::Tcb& to)
{
    if (from.resources.uses (Resources::io_bitmap)) {
        IoSpace::withdraw ();
        from.resources.remove (Resources::io_bitmap);
    }
    if (from.resources.uses (Resources::fpu))
        Fpu::leave ();
    if (to.resources.uses (Resources::fpu))
        Fpu::enter ();
    route_ipc (to.resources);
}

void release_resources (kernel::Tcb& thread)
{
    Fpu::release (thread);
}

}  // namespace machine
