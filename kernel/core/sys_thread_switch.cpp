// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_switch, int 33h.
///
///     in   ESI low word of the destination, 0: nobody in particular. EDI is ignored.
#include <core/scheduler.hpp>
#include <core/system_calls.hpp>

#include <machine/tcb_area.hpp>

void sys_thread_switch (machine::TrapFrame& frame)
{
    kernel::Tcb& self = machine::tcb_area::current ();
    kernel::Tcb& next = machine::tcb_area::tcb ({ frame.esi, 0 });
    if (next.id.is_nil () || !next.is_ready () || next.id.low () != frame.esi || &next == &self)
        return kernel::scheduler::yield ();
    kernel::scheduler::enqueue (self);
    kernel::scheduler::switch_to (next);
}
