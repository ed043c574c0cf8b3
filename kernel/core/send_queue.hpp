// SPDX-License-Identifier: BSD-2-Clause
/// @file  Threads pending at a receiver, first come first served.
///
/// A ring through the senders' TCBs whose first element hangs at the receiver. A thread is in at
/// most one send queue.
#pragma once

#include <core/ipc_route.hpp>
#include <core/tcb.hpp>

namespace kernel::send_queue {

/// How many threads have ever begun to wait.
inline std::uint64_t arrivals;

inline void append (Tcb& receiver, Tcb& sender)
{
    Tcb* const first = receiver.waiters.first ();
    ++arrivals;
    if (first == nullptr) {
        sender.send_link = { &sender, &sender, arrivals };
        receiver.waiters.set_first (&sender);
    } else {
        Tcb* const last = first->send_link.previous;
        sender.send_link = { first, last, arrivals };
        last->send_link.next = &sender;
        first->send_link.previous = &sender;
    }
    if (sender.deceives ())
        ipc::route::enter_deceiver (sender);
}

/// `sender` must be in the queue.
inline void remove (Tcb& receiver, Tcb& sender)
{
    if (sender.deceives ())
        ipc::route::remove_deceiver (sender);
    SendLink const link = sender.send_link;
    link.previous->send_link.next = link.next;
    link.next->send_link.previous = link.previous;
    if (receiver.waiters.first () == &sender)
        receiver.waiters.set_first (link.next == &sender ? nullptr : link.next);
    sender.send_link = {};
}

/// Whether all in the queue are pending at `receiver` and linked both ways. Slow.
[[nodiscard]] inline bool is_consistent (Tcb const& receiver)
{
    Tcb const* sender = receiver.waiters.first ();
    if (sender == nullptr)
        return true;
    do {
        if (!sender->is_pending_at (receiver.id)
            || sender->send_link.next->send_link.previous != sender)
            return false;
        sender = sender->send_link.next;
    } while (sender != receiver.waiters.first ());
    return true;
}

}  // namespace kernel::send_queue
