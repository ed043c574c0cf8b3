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
///     ready --send--> pending --partner receives--> (deliver) -+-> ready      no receive phase
///                        |                                     +-> waiting -partner sends-> ready
///                        +--timeout, cancel--> ready                  +-timeout, cancel-> ready
///
/// The state of a rendezvous lies in the TCBs, not on kernel stacks, so that either side can
/// advance the other and a blocked thread can be cancelled by changing its TCB.
///
/// A thread in the receive phase of a user's ipc needs no kernel stack: when it runs again, it
/// leaves the kernel with `Tcb::ipc` as results (`Resumption`). So those who wait can
/// be served by paths that know nothing of this file's stack frames.
///
/// A long message (ipc_transfer.hpp) is copied by its sender. Both are tied together meanwhile
/// by `Tcb::transfer`, and the receiver is locked. If the receiver's buffer has a hole, the
/// receiver calls its pager for it (`Continuation::fetch_page`) while the sender is locked.
#pragma once

#include <core/tcb.hpp>

namespace kernel::ipc {

/// Perform `self.ipc` for the running thread. Returns when it is over, with the result in place.
void perform (Tcb& self);

/// The rest of it, for a thread that waited without a stack (`Resumption::ipc_results`).
void resume (Tcb& self);

/// Make `thread`, pending or waiting, ready with `error` as the result of its ipc.
void finish (Tcb& thread, l4::IpcError error);

/// lthread_ex_regs hit the thread: end its ipc, if it is in one, with the code in its EAX. A
/// page-fault RPC ends without a trace. The thread then goes to user mode.
void cancel (Tcb& thread);

/// `thread`, not the running one, is being deleted: take it out of its ipc, and its partners
/// out of theirs.
void withdraw (Tcb& thread);

/// What an aborted thread does on its way to user mode.
void leave_transfers (machine::TrapFrame& frame);

/// The timeout of the blocked `thread` has passed.
void expire (Tcb& thread);

}  // namespace kernel::ipc
