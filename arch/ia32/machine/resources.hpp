// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread has of the processor beyond the registers of its trap frame.
///
/// A thread switch looks at one word of both sides. A bit in it is something of the thread that
/// lies in the processor and that the switch must take away or bring: threads that use none of it
/// pay two instructions for all of it.
///
/// The fast path of ipc does not even look: while the running thread has something in use, the
/// gate of ipc leads to the complete path, and so does a message to one that has.
#pragma once

#include <l4/word.hpp>

namespace kernel {
struct Tcb;
}

namespace machine {

using l4::Word;

struct Resources {
    enum Bit : Word {
        fpu = 1 << 0,               ///< its state is in the unit (fpu.hpp)
        io_bitmap = 1 << 1,         ///< its space's ports are shown (io_space.hpp)
        interrupt_line = 1 << 2,    ///< its receiving lets a line fire (core/interrupt.hpp)
    };

    Word in_use;                    ///< bits
    void* fpu_state;                ///< null until the thread uses the FPU

    [[nodiscard]] bool uses (Bit bit) const { return (in_use & bit) != 0; }
    /// Of the running thread.
    void add (Bit bit);
    void remove (Bit bit) { in_use &= ~Word { bit }; }
};

/// Ipc may take its fast path. Once, at start-up.
void allow_fast_ipc ();

/// `from` stops running, `to` begins. @pre one of them has resources in use
void exchange_resources (kernel::Tcb& from, kernel::Tcb& to);

/// `thread` is being deleted: give back what it has.
void release_resources (kernel::Tcb& thread);

}  // namespace machine
