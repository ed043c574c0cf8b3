// SPDX-License-Identifier: BSD-2-Clause
/// @file  Floating-point state of threads, switched when it is used.
///
/// A thread switch only sets CR0.TS, and only if the thread that leaves owns the unit. The next
/// thread that uses it traps; then the owner's state is saved into a block of its own, charged
/// to its task, and the user's loaded. Threads that never compute cost nothing.
///
/// Invariants: TS is clear iff the running thread owns the unit; the owner, and no other thread,
///             has Resources::fpu in use.
/// Source: Intel486 Programmer's Reference Manual, 16.2 (CR0.TS); Pentium III for FXSAVE.
#pragma once

#include <core/tcb.hpp>

#include <control.hpp>

namespace machine {

class Fpu {
public:
    /// @param present  false: FPU instructions are exceptions for users
    /// @param extended the processor has FXSAVE: SSE state is switched as well
    static void initialise (bool present, bool extended);

    /// The running thread used the unit without owning it: make it the owner.
    /// @return false if there is no unit or no memory for the state
    [[nodiscard]] static bool take (kernel::Tcb& self);

    /// Forget the state of `thread`.
    static void release (kernel::Tcb& thread);

    /// The owner stops running, or begins.
    static void leave () { ia32::write_cr0 (ia32::read_cr0 () | ia32::cr0::task_switched); }
    static void enter () { ia32::clear_task_switched (); }

private:
    static void save (kernel::Tcb& thread);
    static void load (void const* state);

    static kernel::Tcb* owner_;         ///< whose state the unit holds
    static bool present_;
    static bool extended_;
};

}  // namespace machine
