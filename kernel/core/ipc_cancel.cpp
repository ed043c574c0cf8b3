// SPDX-License-Identifier: BSD-2-Clause
/// @file  Leaving an ipc from any blocked state: timeout, lthread_ex_regs, deletion.
///
/// A thread that waits alone is simply taken out. One that is in a long transfer takes its
/// partner with it. If that partner's pager is just sending to it, the pager loses its partner
/// too, and so on: a chain as long as users like. So a thread that is expelled only gets another
/// kernel stack, one that runs `leave_transfers`, and tells its pager itself when it runs.
#include <core/ipc.hpp>

#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/wakeup.hpp>
#include <lib/assert.hpp>

#include <machine/context.hpp>
#include <machine/tcb_area.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

bool is_in_transfer (Tcb const& thread)
{
    return thread.transfer.partner != nullptr || thread.outer_transfer.partner != nullptr;
}

/// Out of its partner's send queue, if it is in one.
void leave_queue (Tcb& thread)
{
    if (thread.state == ThreadState::pending)
        send_queue::remove (machine::tcb_area::tcb (thread.awaited), thread);
}

/// Have `thread` go to user mode, with the code for its own transfer, if it was in one. A
/// transfer of its pager to it is ended by `leave_transfers`.
/// @return the partner that the thread's own transfer had
Tcb* expel (Tcb& thread)
{
    leave_queue (thread);
    wakeup::disarm (thread);
    thread.continuation = Continuation::none;
    thread.state = ThreadState::ready;
    TransferLink& link = thread.users_transfer ();
    Tcb* const partner = link.partner;
    machine::leave_through (thread, leave_transfers);
    if (partner != nullptr)
        thread.user_frame ().eax
            = static_cast<Word> (link.sends ? IpcError::send_aborted : IpcError::receive_aborted);
    link = {};
    scheduler::enqueue (thread);
    return partner;
}

/// `partner` was in a transfer with `leaver`, which has left it.
void break_off (Tcb* partner, Tcb const& leaver)
{
    if (partner == nullptr)
        return;
    if (partner->in_kernel_rpc && partner->transfer.partner == &leaver) {
        // Only the answer of its pager is lost: the access faults again.
        partner->transfer = {};
        finish (*partner, IpcError::receive_aborted);
        scheduler::enqueue (*partner);
    } else {
        expel (*partner);
    }
}

/// End the transfer in which its pager sends to `thread`.
void abandon_pager (Tcb& thread)
{
    if (!thread.in_kernel_rpc)
        return;
    Tcb* const pager = thread.transfer.partner;
    thread.transfer = {};
    thread.in_kernel_rpc = no_rpc;
    break_off (pager, thread);
}

}  // namespace

void leave_transfers (machine::TrapFrame&) { abandon_pager (machine::tcb_area::current ()); }

void withdraw (Tcb& thread)
{
    leave_queue (thread);
    Tcb* const partner = thread.users_transfer ().partner;
    thread.users_transfer () = {};
    break_off (partner, thread);
    abandon_pager (thread);
}

void cancel (Tcb& thread)
{
    if (is_in_transfer (thread))
        return break_off (expel (thread), thread);
    IpcError code = IpcError::none;
    if (thread.state == ThreadState::pending || thread.continuation == Continuation::send)
        code = IpcError::send_cancelled;
    else if (thread.state == ThreadState::waiting || thread.continuation == Continuation::receive)
        code = IpcError::receive_cancelled;
    else
        return;
    leave_queue (thread);
    finish (thread, code);
    machine::return_to_user (thread);
    if (!thread.in_kernel_rpc)
        thread.user_frame ().eax = static_cast<Word> (code);
    thread.in_kernel_rpc = no_rpc;
    scheduler::enqueue (thread);
}

void expire (Tcb& thread)
{
    ASSERT (thread.state == ThreadState::pending || thread.state == ThreadState::waiting);
    IpcError const code = thread.state == ThreadState::pending ? IpcError::send_timeout
                                                               : IpcError::receive_timeout;
    leave_queue (thread);
    finish (thread, code);
    scheduler::enqueue (thread);
}

}  // namespace kernel::ipc
