// SPDX-License-Identifier: BSD-2-Clause
/// @file  fpage_unmap, int 32h.
///
///     in   EAX fpage, ECX mask: bit 1 take it back completely, else only the right to write;
///          bit 31 from the caller, too
///
/// There is no error, and nothing is returned.
#include <core/system_calls.hpp>
#include <core/tcb.hpp>
#include <core/unmap.hpp>

#include <machine/tcb_area.hpp>

void sys_fpage_unmap (machine::TrapFrame& frame)
{
    kernel::unmap (*machine::tcb_area::current ().space, l4::Fpage { frame.eax }, frame.ecx);
}
