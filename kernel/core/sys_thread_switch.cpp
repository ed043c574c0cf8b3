// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_switch, int 33h.
///
///     in   ESI low word of the destination, 0: nobody in particular. EDI is ignored. All of the
///          low word has to be right for a strict caller, for others task and lthread.
#include <core/scheduler.hpp>
#include <core/system_calls.hpp>
#include <core/thread_table.hpp>

#include <machine/tcb_area.hpp>

void sys_thread_switch (machine::TrapFrame& frame)
{
    kernel::Tcb& self = machine::tcb_area::current ();
    l4::Word const wanted = kernel::thread_table::named_by (self, { frame.esi, 0 }).low ();
    kernel::Tcb& next = machine::tcb_area::tcb ({ frame.esi, 0 });
    if (next.id.is_nil () || !next.is_ready () || next.id.low () != wanted || &next == &self)
        return kernel::scheduler::yield ();
    kernel::scheduler::enqueue (self);
    kernel::scheduler::switch_to (next);
}
