// SPDX-License-Identifier: BSD-2-Clause
/// @file  Meeting of sender and receiver. The page to read first is ipc.hpp.
#include <core/ipc.hpp>

#include <core/fault_ipc.hpp>
#include <core/interrupt.hpp>
#include <core/ipc_route.hpp>
#include <core/ipc_transfer.hpp>
#include <core/scheduler.hpp>
#include <core/send_queue.hpp>
#include <core/wakeup.hpp>

namespace kernel::ipc {

using l4::IpcError;

namespace {

void start_waiting (Tcb& self)
{
    l4::Timeout const timeout = self.ipc.timeouts.receive ();
    if (timeout.is_zero ())
        return finish (self, IpcError::receive_timeout);
    self.state = ThreadState::waiting;
    if (!self.in_kernel_rpc)
        self.resumption = self.resources.in_use == 0 ? Resumption::ipc_results
                                                     : Resumption::ipc_results_with_resources;
    wakeup::arm (self, timeout);
}

/// The sender that `self` can receive from at once; null if there is none.
Tcb* pending_sender (Tcb& self)
{
    Tcb* const first = self.waiters.first ();
    if (first == nullptr || self.ipc.receive.is_open ())
        return first;
    return route::first_pending (self);
}

/// A message head lies in user space. What it describes is checked when it is copied.
bool is_valid_head (Address address)
{
    return address < l4::user_limit - sizeof (l4::MessageHeader);
}

/// Why `self` cannot enter its receive phase; `none` if it can.
IpcError receive_obstacle (Tcb& self)
{
    l4::ReceiveDescriptor const receive = self.ipc.receive;
    if (!receive.has_window () && !is_valid_head (receive.address ()))
        return IpcError::receive_aborted;
    if (receive.is_open ())
        return IpcError::none;
    if (route::is_hardware (self.ipc.partner))
        return interrupt::begin_closed_receive (self);
    return route::can_be_awaited (self) ? IpcError::none : IpcError::not_existent;
}

/// Whether the ipc of `self` ends with a pending message of its interrupt line.
bool takes_interrupt (Tcb& self)
{
    return self.waiters.has_line () && interrupt::take_message (self);
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

    route::await (sender);
    IpcError const obstacle = receive_obstacle (sender);
    if (obstacle != IpcError::none)
        return finish (sender, obstacle);
    if (takes_interrupt (sender))
        return;
    if (pending_sender (sender) == nullptr)
        return start_waiting (sender);
    sender.state = ThreadState::ready;
    sender.continuation = Continuation::receive;
}

/// `sender`, the running thread, copies its message to `receiver`, which is locked meanwhile.
/// Does not return if either is taken out of its ipc.
void run_transfer (Tcb& sender, Tcb& receiver)
{
    IpcError const error = transfer_long (sender, receiver);
    scheduler::serve_interrupts ();
    sender.transfer = {};
    receiver.transfer = {};
    receiver.state = ThreadState::ready;
    complete_send (sender, error);
}

/// Tie `sender` and `receiver` together until a long message has been copied.
void lock_partners (Tcb& sender, Tcb& receiver)
{
    wakeup::disarm (sender);
    wakeup::disarm (receiver);
    sender.transfer = { &receiver, true };
    receiver.transfer = { &sender, false };
    receiver.state = ThreadState::locked;
    receiver.awaited_chief = {};
    sender.state = ThreadState::ready;
}

/// Transfer the message of `sender`, which is in its send phase, to `receiver`, which accepts it.
/// Both leave these phases, unless the message is long and the sender has to run for it.
void deliver (Tcb& self, Tcb& sender, Tcb& receiver)
{
    IpcError error = IpcError::none;
    if (transfer_short (sender, receiver, error)) {
        wakeup::disarm (receiver);
        receiver.state = ThreadState::ready;
        receiver.awaited_chief = {};
        return complete_send (sender, error);
    }
    lock_partners (sender, receiver);
    if (&sender != &self) {
        sender.continuation = Continuation::transfer;
        return;
    }
    scheduler::serve_interrupts ();
    run_transfer (sender, receiver);
}

/// @param is_first  a message that takes long to receive is left to a second try
void receive_phase (Tcb& self, bool is_first)
{
    if (is_first)
        route::await (self);
    IpcError const obstacle = receive_obstacle (self);
    if (obstacle != IpcError::none)
        return finish (self, obstacle);
    if (takes_interrupt (self))
        return;

    Tcb* sender = pending_sender (self);
    if (sender == nullptr)
        return start_waiting (self);
    if (is_first && sender->deceives ()) {
        self.continuation = Continuation::receive;
        return;
    }
    send_queue::remove (self, *sender);
    deliver (self, *sender, self);
    if (sender->is_ready ())
        scheduler::enqueue (*sender);
}

/// Deliver to `receiver`, or wait until it receives.
/// @return the thread that the message woke, to be run next
Tcb* meet (Tcb& self, Tcb& receiver)
{
    if (receiver.waits_for (self.visible_id ())) {
        deliver (self, self, receiver);
        return &receiver;
    }
    l4::Timeout const timeout = self.ipc.timeouts.send ();
    if (timeout.is_zero ()) {
        finish (self, IpcError::send_timeout);
        return nullptr;
    }
    self.state = ThreadState::pending;
    self.awaited = receiver.id;
    send_queue::append (receiver, self);
    wakeup::arm (self, timeout);
    return nullptr;
}

/// @return the thread that the message woke, to be run next
Tcb* send_phase (Tcb& self)
{
    if (!is_valid_head (self.ipc.send.address ())) {
        finish (self, IpcError::send_aborted);
        return nullptr;
    }
    Tcb* receiver = route::find_receiver (self);
    if (receiver == nullptr && l4::is_interrupt_id (self.ipc.partner)) {
        complete_send (self, interrupt::release (self));
        return nullptr;
    }
    if (receiver == nullptr || receiver == &self) {
        finish (self, IpcError::not_existent);
        return nullptr;
    }
    if (self.path.flags == 0)
        return meet (self, *receiver);
    self.awaited = receiver->id;            // found by following chains of chiefs
    self.continuation = Continuation::send;
    return nullptr;
}

/// After a rest.
/// @return the thread that the message woke, to be run next
Tcb* go_on_sending (Tcb& self)
{
    if (Tcb* const receiver = thread_table::find (self.awaited))
        return meet (self, *receiver);
    finish (self, IpcError::not_existent);
    return nullptr;
}

/// Its partner has met a hole in the buffer of `self`: have the pager fill it, then let the
/// partner go on.
void fetch_for_partner (Tcb& self)
{
    self.page_request.result = fault_ipc::fetch_page (self, self.page_request);
    scheduler::serve_interrupts ();
    self.state = ThreadState::locked;
    self.transfer.partner->state = ThreadState::ready;
    scheduler::switch_to (*self.transfer.partner);
}

/// What others have left to do for `self`, which is ready again. Much may have been done on the way
/// here, and nothing of it lies on this stack: others may run first.
/// @return a thread to be run next, or null
Tcb* continue_ipc (Tcb& self)
{
    if (self.continuation == Continuation::none)
        return nullptr;
    scheduler::serve_interrupts ();
    Continuation const next = self.continuation;
    self.continuation = Continuation::none;
    switch (next) {
    case Continuation::none:
        return nullptr;
    case Continuation::send:
        return go_on_sending (self);
    case Continuation::receive:
        receive_phase (self, false);
        return nullptr;
    case Continuation::transfer: {
        Tcb* receiver = self.transfer.partner;
        run_transfer (self, *receiver);
        return receiver;
    }
    case Continuation::fetch_page:
        fetch_for_partner (self);
        return nullptr;
    }
    return nullptr;
}

/// See the ipc of `self` to its end, running others while it is blocked.
/// @param next  a thread to be run at once, or null
void go_on (Tcb& self, Tcb* next)
{
    for (;;) {
        if (next != nullptr && next->is_ready ()) {
            if (self.is_ready ())
                scheduler::enqueue (self);
            scheduler::switch_to (*next);
        } else if (!self.is_ready ()) {
            scheduler::block ();
        } else if (self.continuation == Continuation::none) {
            return;
        }
        self.resumption = Resumption::kernel_stack;
        next = self.is_ready () ? continue_ipc (self) : nullptr;
    }
}

}  // namespace

void finish (Tcb& thread, IpcError error)
{
    wakeup::disarm (thread);
    thread.ipc.dope = l4::MessageDope { static_cast<Word> (error) };
    thread.awaited_chief = {};
    thread.continuation = Continuation::none;
    thread.state = ThreadState::ready;
}

void perform (Tcb& self)
{
    Tcb* next = nullptr;
    self.ipc.dope = l4::MessageDope {};
    self.ipc.partner = thread_table::named_by (self, self.ipc.partner);
    self.continuation = Continuation::none;
    if (!self.ipc.send.is_nil ())
        next = send_phase (self);
    else if (!self.ipc.receive.is_nil ())
        receive_phase (self, true);
    go_on (self, next);
}

void resume (Tcb& self)
{
    self.resumption = Resumption::kernel_stack;
    go_on (self, continue_ipc (self));
}

}  // namespace kernel::ipc
