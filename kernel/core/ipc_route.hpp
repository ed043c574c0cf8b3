// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where a message goes, and whom a closed receive accepts, when chiefs stand between.
///
/// A message to a thread beyond a clan's border reaches the chief on the way instead, with the
/// true sender and the id that was addressed. The answer comes from that chief, under its own id
/// or under that of the thread behind it; so both are accepted.
///
/// Threads of one clan have equal high words in their ids. Chief and task lie at the same place in
/// their words. So a comparison or three tell that no chief is involved; the fast paths
/// (ipc_fast.asm) make them, too.
#pragma once

#include <core/tcb.hpp>
#include <core/thread_table.hpp>

namespace kernel::ipc::route {

/// Whether nobody stands between the two. Some ids that name nothing are missed, no thread is.
[[nodiscard]] inline bool is_neighbour (l4::ThreadId self, l4::ThreadId other)
{
    static_assert (l4::ThreadId::Chief::mask == l4::ThreadId::Task::mask);
    constexpr Word number = l4::ThreadId::Task::mask;
    return self.high () == other.high () || ((self.low () ^ other.high ()) & number) == 0
           || ((self.high () ^ other.low ()) & number) == 0;
}

/// What the two functions below leave to the whole rule.
[[nodiscard]] Tcb* find_receiver_by_chiefs (Tcb& self);
[[nodiscard]] l4::ThreadId chief_towards (Tcb const& self, l4::ThreadId other);

/// The thread that the message of `self.ipc` goes to; null: there is none. Sets `self.path`.
[[nodiscard]] inline Tcb* find_receiver (Tcb& self)
{
    self.path.flags = 0;
    bool const direct = is_neighbour (self.id, self.ipc.partner) && !self.ipc.send.deceives ();
    if (direct || !self.is_strict ())
        return thread_table::find (self.ipc.partner);
    return find_receiver_by_chiefs (self);
}

/// Nil or an interrupt: no thread sends under such an id.
[[nodiscard]] inline bool is_hardware (l4::ThreadId source)
{
    return source.low () <= l4::interrupt_lines;
}

/// Set whom `self` accepts from now on: `awaited` (invalid = anyone, nil = nobody) and
/// `awaited_chief`, which it clears again when it waits no longer.
inline void await (Tcb& self)
{
    l4::ThreadId const source = self.ipc.partner;
    if (self.ipc.receive.is_open ())
        self.awaited = l4::ThreadId::invalid ();
    else if (is_hardware (source))
        self.awaited = { source.low (), 0 };
    else {
        self.awaited = source;
        if (!is_neighbour (self.id, source) && self.is_strict ())
            self.awaited_chief = chief_towards (self, source);
    }
}

/// Whether there is somebody who can end the closed wait that `await` has set.
[[nodiscard]] bool can_be_awaited (Tcb const& self);

/// The first of those pending at `self` whom its closed receive accepts; null: nobody.
[[nodiscard]] Tcb* first_pending (Tcb& self);

/// `sender` deceives and begins or ceases to be pending. For the send queue.
void enter_deceiver (Tcb& sender);
void remove_deceiver (Tcb& sender);

}  // namespace kernel::ipc::route
