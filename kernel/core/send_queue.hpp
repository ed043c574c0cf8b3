// SPDX-License-Identifier: BSD-2-Clause
/// @file  Threads pending at a receiver, first come first served.
///
/// A ring through the senders' TCBs whose first element hangs at the receiver. A thread is in at
/// most one send queue.
#pragma once

#include <core/tcb.hpp>

namespace kernel::send_queue {

inline void append (Tcb& receiver, Tcb& sender)
{
    Tcb* const first = receiver.send_queue;
    if (first == nullptr) {
        sender.send_link = { &sender, &sender };
        receiver.send_queue = &sender;
        return;
    }
    Tcb* const last = first->send_link.previous;
    sender.send_link = { first, last };
    last->send_link.next = &sender;
    first->send_link.previous = &sender;
}

/// `sender` must be in the queue.
inline void remove (Tcb& receiver, Tcb& sender)
{
    SendLink const link = sender.send_link;
    link.previous->send_link.next = link.next;
    link.next->send_link.previous = link.previous;
    if (receiver.send_queue == &sender)
        receiver.send_queue = link.next == &sender ? nullptr : link.next;
    sender.send_link = {};
}

}  // namespace kernel::send_queue
