// SPDX-License-Identifier: BSD-2-Clause
/// @file  The rendezvous.
///
/// A message is transferred at the moment when the sender is in its send phase and the receiver
/// in a receive phase that accepts this sender. Whoever comes second does the work:
///
///     sender second      receiver.waits_for (sender.id): deliver, run the receiver
///     receiver second    sender.is_pending_at (receiver.id): deliver, the sender is ready
///
/// After a send phase the sender is in its receive phase before anybody else runs, so a server
/// may reply with a send timeout of zero to a client that has called. If others already wait to
/// send to it, it is made ready with `Continuation::receive` instead and serves them when it
/// runs: without that, one delivery could set off an unbounded chain of others.
///
///     ready --send--> pending --partner receives--> (deliver) --+--> ready       no receive phase
///                        |                                      +--> waiting --partner sends--> ready
///                        +--timeout, cancel--> ready                    +--timeout, cancel--> ready
///
/// All state of an ipc lies in the TCBs, none on kernel stacks, so that either side can advance
/// the other and a blocked thread can be cancelled by changing its TCB.
#pragma once

#include <core/tcb.hpp>

namespace kernel::ipc {

/// Perform `self.ipc` for the running thread. Returns when it is over, with the result in place.
void perform (Tcb& self);

/// Make `thread`, pending or waiting, ready with `error` as the result of its ipc.
void finish (Tcb& thread, l4::IpcError error);

/// lthread_ex_regs hit the thread: end its ipc, if it is in one.
/// @return the code for its EAX; `none` if it was not in an ipc of its own
[[nodiscard]] l4::IpcError cancel (Tcb& thread);

/// The timeout of the blocked `thread` has passed.
void expire (Tcb& thread);

}  // namespace kernel::ipc
