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
#include <l4/syscall.hpp>

#include <machine/tcb_area.hpp>

void sys_fpage_unmap (machine::TrapFrame& frame)
{
    using kernel::MapAction;
    using kernel::MapScope;
    bool const completely = (frame.ecx & l4::unmap_completely) != 0;
    bool const own_too = (frame.ecx & l4::unmap_in_own_space_too) != 0;
    kernel::unmap (*machine::tcb_area::current ().space, l4::Fpage { frame.eax },
                   completely ? MapAction::remove : MapAction::make_read_only,
                   own_too ? MapScope::self_too : MapScope::below);
}
