// SPDX-License-Identifier: BSD-2-Clause
#include <machine/exchange_resources.hpp>

#include <core/space.hpp>
#include <core/tcb.hpp>

#include <machine/debug_registers.hpp>
#include <machine/fpu.hpp>
#include <machine/io_privilege.hpp>
#include <machine/io_space.hpp>
#include <machine/tls.hpp>

namespace machine {

namespace {

void exchange_segments (kernel::Tcb& from, kernel::Tcb& to)
{
    bool const taken_away = from.resources.uses (Resources::tls_segments);
    if (taken_away)
        Tls::leave (from);
    if (to.resources.uses (Resources::tls_segments))
        Tls::enter (to);
    else if (taken_away)
        Tls::clear ();
}

void exchange_breakpoints (kernel::Tcb const& from, kernel::Tcb const& to)
{
    if (to.resources.uses (Resources::breakpoints))
        DebugRegisters::enter (to);
    else if (from.resources.uses (Resources::breakpoints))
        DebugRegisters::leave ();
}

/// Its space has lost a port while it did not run.
void check_privilege (kernel::Tcb& to)
{
    if (!to.resources.uses (Resources::io_privilege) || to.space->io ().is_privileged ())
        return;
    withdraw_io_privilege (to);
    to.resources.remove (Resources::io_privilege);
}

}  // namespace

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
    exchange_segments (from, to);
    exchange_breakpoints (from, to);
    check_privilege (to);
    to.resources.route_ipc ();
}

void release_resources (kernel::Tcb& thread)
{
    Fpu::release (thread);
    Tls::release (thread);
    DebugRegisters::release (thread);
}

}  // namespace machine
