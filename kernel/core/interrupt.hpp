// SPDX-License-Identifier: BSD-2-Clause
/// @file  Hardware interrupts as messages to the threads that are attached to their lines.
///
/// The id of line n, n + 1, is the source of a message without words. Receiving from it, or from
/// nil, with a timeout of zero attaches and detaches. interrupt_lines.hpp keeps who has which
/// line; this is how ipc meets it.
///
/// Tests: guest INT-*; host/core/interrupt_lines_test.
#pragma once

#include <core/tcb.hpp>

namespace kernel::interrupt {

/// Handlers attached from now on may get their messages from entry/interrupt.asm.
void allow_fast_delivery ();

/// The hardware has raised `line`. A handler that waits for it runs at once if its priority is
/// higher than the running thread's.
void occurred (unsigned line);

/// A closed receive of `self` from an interrupt or from nil begins: attach or detach if this is
/// what it asks for. May change `self.awaited`.
/// @return why `self` cannot receive, `none` if it can
[[nodiscard]] l4::IpcError begin_closed_receive (Tcb& self);

/// `self`, attached to a line, begins to receive from `self.awaited`. A pending message of the
/// line that it accepts ends the ipc; without one the line may fire again.
/// @return whether there was one
[[nodiscard]] bool take_message (Tcb& self);

/// `self` sends to an interrupt. @return whether that was allowed; it lets the line fire again
[[nodiscard]] l4::IpcError release (Tcb& self);

/// `thread` is being deleted: its line is free.
void detach (Tcb& thread);

/// Slow.
[[nodiscard]] bool is_consistent ();

}  // namespace kernel::interrupt

/// `self`, attached to a line, begins to receive from it or from anyone: entry/ipc_receive.asm.
/// @return 0: a message of it is pending; nothing was done. Else 1: it may fire
extern "C" l4::Word open_interrupt_line (kernel::Tcb& self);
