// SPDX-License-Identifier: BSD-2-Clause
#include <machine/resources.hpp>

#include <segment/idt.hpp>

namespace machine {

namespace {

bool fast_ipc_allowed;

}  // namespace

void Resources::route_ipc () const
{
    ia32::route_ipc (fast_ipc_allowed && in_use == 0 ? ipc_fast : sys_ipc_entry);
}

void Resources::add (Bit bit)
{
    in_use |= bit;
    route_ipc ();
}

void Resources::drop (Bit bit)
{
    remove (bit);
    route_ipc ();
}

void allow_fast_ipc ()
{
    fast_ipc_allowed = true;
    ia32::route_ipc (ipc_fast);
}

}  // namespace machine
