// SPDX-License-Identifier: BSD-2-Clause
#include <machine/resources.hpp>

#include <segment/idt.hpp>

namespace machine {

namespace {

bool fast_ipc_allowed;

}  // namespace

void Resources::route_ipc () const
{
    bool const fast = fast_ipc_allowed && in_use == 0;
    ia32::route_ipc (fast ? ipc_fast : fast_ipc_allowed ? ipc_receive : sys_ipc_entry);
    ia32::route_page_faults (fast ? page_fault_fast : page_fault_entry);
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
    Resources {}.route_ipc ();
    unused_vector_route = unused_vector_fast;
}

}  // namespace machine
