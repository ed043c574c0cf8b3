// SPDX-License-Identifier: BSD-2-Clause
/// @file  Debug registers of threads: loaded while their thread runs, and only if it has enabled
/// a breakpoint (Resources::breakpoints).
///
/// Breakpoints lie in user space, so the kernel meets them only where it reads or writes a user's
/// memory; what that raises is dropped.
#pragma once

#include <machine/debug_control.hpp>

namespace kernel {
struct Tcb;
}

namespace machine {

using l4::Word;

struct DebugBlock {
    Word address[debug::breakpoints];
    Word status;
    Word control;
};

class DebugRegisters {
public:
    /// The processor's registers are the loader's. Once, at start-up.
    static void initialise ();

    /// Set DR`n` of the running thread. @return false if the value is not allowed, there is no
    /// such register, or kernel memory is used up
    [[nodiscard]] static bool write (kernel::Tcb& self, unsigned n, Word value);

    /// @return false if there is no such register
    [[nodiscard]] static bool read (kernel::Tcb const& self, unsigned n, Word& value);

    /// The running thread, in user mode, got a debug exception: its DR6 tells why.
    static void take_status (kernel::Tcb& self);
    /// The same for a step that the kernel made in its place.
    static void note_single_step (kernel::Tcb& self);
    /// The exception was the kernel's.
    static void drop_status ();

    /// A thread with breakpoints begins, or stops.
    static void enter (kernel::Tcb const& to);
    static void leave ();

    static void release (kernel::Tcb& thread);

private:
    [[nodiscard]] static DebugBlock* provide (kernel::Tcb& self);
    static void set_control (kernel::Tcb& self);
};

}  // namespace machine
