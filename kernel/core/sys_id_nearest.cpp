// SPDX-License-Identifier: BSD-2-Clause
/// @file  id_nearest, int 31h.
///
///     in   ESI:EDI destination; low word 0: oneself, -1: the own chief
///     out  ESI:EDI nearest id, EAX type
#include <core/clan.hpp>
#include <core/system_calls.hpp>
#include <core/tcb.hpp>

#include <machine/tcb_area.hpp>

void sys_id_nearest (machine::TrapFrame& frame)
{
    kernel::Tcb const& self = machine::tcb_area::current ();
    auto const result = kernel::clan::nearest (self.id, self.profile, { frame.esi, frame.edi });
    frame.eax = static_cast<l4::Word> (result.type);
    frame.esi = result.id.low ();
    frame.edi = result.id.high ();
}
