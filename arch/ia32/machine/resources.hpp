// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread has of the processor beyond the registers of its trap frame.
///
/// A thread switch looks at one word of both sides. A bit in it is something of the thread that
/// lies in the processor and that the switch must take away or bring: threads that use none of it
/// pay two instructions for all of it.
///
/// The fast path of ipc does not even look: while the running thread has something in use, the
/// gate of ipc leads past it, and a message to one that has takes the complete path.
#pragma once

#include <l4/word.hpp>

namespace machine {

using l4::Address;
using l4::Word;

struct TlsBlock;
struct DebugBlock;

struct Resources {
    enum Bit : Word {
        fpu = 1 << 0,               ///< its state is in the unit (fpu.hpp)
        io_bitmap = 1 << 1,         ///< its space's ports are shown (io_space.hpp)
        tls_segments = 1 << 2,      ///< its descriptors, FS and GS (tls.hpp)
        breakpoints = 1 << 3,       ///< its debug registers (debug_registers.hpp)
        io_privilege = 1 << 4,      ///< it may do any port I/O while its space has all ports
    };

    Word in_use;                    ///< bits
    void* fpu_state;                ///< null until the thread uses the FPU
    TlsBlock* tls;                  ///< null: no descriptors
    DebugBlock* debug;              ///< null: all debug registers are 0
    Address exception_table;        ///< `no_exception_table`, or 32 gates in user space

    static constexpr Address no_exception_table = ~Address { 0 };

    [[nodiscard]] bool uses (Bit bit) const { return (in_use & bit) != 0; }
    /// Of the running thread.
    void add (Bit bit);
    void drop (Bit bit);
    /// Of another one.
    void remove (Bit bit) { in_use &= ~Word { bit }; }

    /// Have the gate of ipc lead to where the thread that is about to run needs it.
    void route_ipc () const;
};

/// Ipc may take its fast path. Once, at start-up.
void allow_fast_ipc ();

}  // namespace machine
