// SPDX-License-Identifier: BSD-2-Clause
#include <core/ipc_route.hpp>

#include <core/clan.hpp>
#include <core/space.hpp>
#include <core/thread_table.hpp>

#include <machine/tcb_area.hpp>

namespace kernel::ipc::route {

using l4::MessageDope;
using l4::Nearest;
using l4::ThreadId;

namespace {

/// The chief between `self` and `other`, nil if there is none or it cannot be reached.
struct Border {
    Nearest type;
    ThreadId chief;
};

Border border (Tcb const& self, ThreadId other)
{
    if (!clan::names_a_task (other))
        return { Nearest::same_clan, ThreadId::nil () };
    clan::NearestPartner const nearest = clan::nearest (self.id, self.profile, other);
    bool const ends_here
        = nearest.type == Nearest::outside && clan::is_outermost (self.id.chief ());
    bool const direct = nearest.type == Nearest::same_clan;
    return { nearest.type, direct || ends_here ? ThreadId::nil () : nearest.id };
}

/// The chief behind whom `self` expects its partner; mostly there is none.
Tcb* chief_of_wait (Tcb const& self)
{
    return self.awaited_chief.is_nil () ? nullptr : thread_table::find (self.awaited_chief);
}

Deceivers::Key key_of (Tcb const& thread)
{
    ThreadId const source = thread.path.virtual_source;
    return { thread.awaited.low (), source.low (), source.high (), thread.send_link.arrival };
}

/// Keys by thread number, for the deceivers of a task.
auto keys_in (ThreadId task)
{
    return [task] (Word lthread) {
        return key_of (machine::tcb_area::tcb (task.with_lthread (lthread)));
    };
}

/// `candidate`, if it is pending at `self` under its own name.
Tcb* if_pending (Tcb* candidate, Tcb const& self)
{
    bool const fits = candidate != nullptr && candidate->is_pending_at (self.id)
                      && !candidate->deceives ();
    return fits ? candidate : nullptr;
}

/// The first thread of `chief`'s task that is pending at `self` under the name awaited.
Tcb* pending_deceiver (Tcb const* chief, Tcb const& self)
{
    if (chief == nullptr || chief->space->deceivers.is_empty ())
        return nullptr;
    Word const lthread = chief->space->deceivers.find (self.id.low (), self.awaited,
                                                       keys_in (chief->id));
    return lthread == Deceivers::none ? nullptr
                                      : &machine::tcb_area::tcb (chief->id.with_lthread (lthread));
}

Tcb* earlier (Tcb* a, Tcb* b)
{
    if (a == nullptr || b == nullptr)
        return a == nullptr ? b : a;
    return a->send_link.arrival < b->send_link.arrival ? a : b;
}

}  // namespace

Tcb* find_receiver_by_chiefs (Tcb& self)
{
    ThreadId const destination = self.ipc.partner;
    if (self.ipc.send.deceives ()
        && clan::may_deceive (self.id.task (), self.path.virtual_source, destination))
        self.path.flags = MessageDope::deceited_bit;
    Border const way = border (self, destination);
    if (way.type == Nearest::same_clan)
        return thread_table::find (destination);
    self.path.flags |= MessageDope::redirected_bit;
    if (way.type == Nearest::outside)
        self.path.flags |= MessageDope::from_inner_clan_bit;
    return thread_table::find (way.chief);
}

ThreadId chief_towards (Tcb const& self, ThreadId other) { return border (self, other).chief; }

bool can_be_awaited (Tcb const& self)
{
    return thread_table::find (self.awaited) != nullptr || chief_of_wait (self) != nullptr;
}

Tcb* first_pending (Tcb& self)
{
    Tcb* const source = thread_table::find (self.awaited);
    Tcb* const chief = chief_of_wait (self);
    Tcb* const honest = earlier (if_pending (source, self), if_pending (chief, self));
    return earlier (honest, pending_deceiver (chief, self));
}

void enter_deceiver (Tcb& sender)
{
    sender.space->deceivers.insert (sender.id.lthread (), keys_in (sender.id));
}

void remove_deceiver (Tcb& sender)
{
    sender.space->deceivers.remove (sender.id.lthread (), keys_in (sender.id));
}

}  // namespace kernel::ipc::route
