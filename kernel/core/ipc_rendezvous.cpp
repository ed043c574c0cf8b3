// SPDX-License-Identifier: BSD-2-Clause
/// @file  Meeting of sender and receiver. The page to read first is ipc.hpp.
#include <core/ipc.hpp>

#include <core/ipc_transfer.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/thread_table.hpp>
#include <core/wakeup.hpp>
#include <lib/assert.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

void start_waiting (Tcb& self)
{
    l4::Timeout const timeout = self.ipc.timeouts.receive ();
    if (timeout.is_zero ())
        return finish (self, IpcError::receive_timeout);
    self.state = ThreadState::waiting;
    wakeup::arm (self, timeout);
}

/// The sender that `self` can receive from at once; null if there is none.
Tcb* pending_sender (Tcb& self)
{
    if (self.ipc.receive.is_open ())
        return self.send_queue;
    Tcb* sender = thread_table::find (self.ipc.partner);
    return sender != nullptr && sender->is_pending_at (self.id) ? sender : nullptr;
}

/// From whom `self` wants to receive: `invalid` = anyone, nil = nobody.
l4::ThreadId awaited (Tcb const& self)
{
    return self.ipc.receive.is_open () ? l4::ThreadId::invalid () : self.ipc.partner;
}

bool receive_source_exists (Tcb const& self)
{
    if (self.ipc.receive.is_open () || self.ipc.partner.is_nil ())
        return true;
    return thread_table::find (self.ipc.partner) != nullptr;
}

/// `sender`'s message has arrived, or failed with the receiver's code `error`.
/// Brings the sender to where it stands after its send phase; it may not be the running thread.
void complete_send (Tcb& sender, IpcError error)
{
    wakeup::disarm (sender);
    if (error != IpcError::none)
        return finish (sender, l4::sender_code (error));
    if (sender.ipc.receive.is_nil ())
        return finish (sender, IpcError::none);

    sender.awaited = awaited (sender);
    if (!receive_source_exists (sender))
        return finish (sender, IpcError::not_existent);
    if (pending_sender (sender) == nullptr)
        return start_waiting (sender);
    sender.state = ThreadState::ready;
    sender.continuation = Continuation::receive;
}

/// Transfer the message of `sender`, which is in its send phase, to `receiver`, which accepts it.
/// Both leave these phases.
void deliver (Tcb& sender, Tcb& receiver)
{
    IpcError const error = transfer (sender, receiver);
    wakeup::disarm (receiver);
    receiver.state = ThreadState::ready;
    complete_send (sender, error);
}

void receive_phase (Tcb& self)
{
    self.awaited = awaited (self);
    if (!receive_source_exists (self))
        return finish (self, IpcError::not_existent);

    Tcb* sender = pending_sender (self);
    if (sender == nullptr)
        return start_waiting (self);
    send_queue::remove (self, *sender);
    deliver (*sender, self);
    if (sender->is_ready ())
        scheduler::enqueue (*sender);
}

/// @return the thread that the message woke, to be run next
Tcb* send_phase (Tcb& self)
{
    Tcb* receiver = thread_table::find (self.ipc.partner);
    if (receiver == nullptr || receiver == &self) {
        finish (self, IpcError::not_existent);
        return nullptr;
    }
    if (receiver->waits_for (self.id)) {
        deliver (self, *receiver);
        return receiver;
    }
    l4::Timeout const timeout = self.ipc.timeouts.send ();
    if (timeout.is_zero ()) {
        finish (self, IpcError::send_timeout);
        return nullptr;
    }
    self.state = ThreadState::pending;
    self.awaited = receiver->id;
    send_queue::append (*receiver, self);
    wakeup::arm (self, timeout);
    return nullptr;
}

}  // namespace

void finish (Tcb& thread, IpcError error)
{
    wakeup::disarm (thread);
    thread.ipc.dope = l4::MessageDope { static_cast<Word> (error) };
    thread.continuation = Continuation::none;
    thread.state = ThreadState::ready;
}

void perform (Tcb& self)
{
    Tcb* next = nullptr;
    self.ipc.dope = l4::MessageDope {};
    self.continuation = Continuation::none;
    if (!self.ipc.send.is_nil ())
        next = send_phase (self);
    else if (!self.ipc.receive.is_nil ())
        receive_phase (self);

    for (;;) {
        if (self.is_ready () && self.continuation == Continuation::receive) {
            self.continuation = Continuation::none;
            receive_phase (self);
        }
        if (next != nullptr) {
            if (self.is_ready ())
                scheduler::enqueue (self);
            Tcb& receiver = *next;
            next = nullptr;
            scheduler::switch_to (receiver);
        } else if (self.is_ready ()) {
            return;
        } else {
            scheduler::block ();
        }
    }
}

IpcError cancel (Tcb& thread)
{
    bool const users = !thread.in_kernel_rpc;
    IpcError code = IpcError::none;
    if (thread.state == ThreadState::pending) {
        send_queue::remove (*thread_table::find (thread.awaited), thread);
        code = IpcError::send_cancelled;
    } else if (thread.state == ThreadState::waiting
               || thread.continuation == Continuation::receive) {
        code = IpcError::receive_cancelled;
    } else {
        return IpcError::none;
    }
    finish (thread, code);
    thread.in_kernel_rpc = false;
    return users ? code : IpcError::none;
}

void expire (Tcb& thread)
{
    if (thread.state == ThreadState::pending) {
        send_queue::remove (*thread_table::find (thread.awaited), thread);
        finish (thread, IpcError::send_timeout);
    } else {
        ASSERT (thread.state == ThreadState::waiting);
        finish (thread, IpcError::receive_timeout);
    }
    scheduler::enqueue (thread);
}

}  // namespace kernel::ipc
