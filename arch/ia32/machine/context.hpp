// SPDX-License-Identifier: BSD-2-Clause
/// @file  From one thread to another: stack, address space, and what the TSS says.
#pragma once

#include <core/space.hpp>
#include <core/tcb.hpp>

#include <control.hpp>
#include <machine/exchange_resources.hpp>
#include <segment/gdt.hpp>

/// entry/switch.asm.
extern "C" void switch_context (kernel::Tcb* from, kernel::Tcb* to, machine::Address directory);

namespace machine {

/// Set up the stack of `thread` so that switching to it goes to user mode, with all general
/// registers 0, interrupts on, the I/O privilege level of its profile, and no instruction pointer
/// yet.
void prepare_user_context (kernel::Tcb& thread);

/// Have `thread`, which is not running, return to user mode with the registers of its frame
/// when it is switched to, whatever it was doing in the kernel. If it waited without a stack,
/// its general registers are 0.
void return_to_user (kernel::Tcb& thread);

/// The same, but it first runs `function` on its stack.
void leave_through (kernel::Tcb& thread, void (*function) (TrapFrame&));

/// Prepare the segments for `to`. @return the directory to load for it; 0 if the loaded one will do
[[nodiscard]] inline Address directory_for (kernel::Tcb const& to)
{
    if (SmallSpace::are_allowed ())
        return SmallSpace::switch_to (to);
    return to.place.directory () == ia32::read_cr3 () ? 0 : to.place.directory ();
}

/// Load `space`'s page directory.
inline void load_space (kernel::Space& space)
{
    ia32::write_cr3 (space.directory ().physical ());
}

/// Whether translations of `space`'s addresses may be in the TLB: neither processor keeps any over
/// a load of CR3, but a small space is in every directory.
[[nodiscard]] inline bool may_be_cached (kernel::Space& space)
{
    return space.small_space ().is_in_use ()
           || ia32::read_cr3 () == space.directory ().physical ();
}

/// `space` is about to go: if its page directory is loaded, load one that stays.
inline void leave_space (kernel::Space& space)
{
    if (ia32::read_cr3 () == space.directory ().physical ())
        ia32::write_cr3 (PageDirectory::master ().physical ());
}

/// Run `to`. Returns when somebody switches back to `from`.
inline void switch_to (kernel::Tcb& from, kernel::Tcb& to)
{
    ia32::task_state_segment ().esp0 = to.stack_end ();
    if ((from.resources.in_use | to.resources.in_use) != 0)
        exchange_resources (from, to);
    switch_context (&from, &to, directory_for (to));
}

}  // namespace machine
