// SPDX-License-Identifier: BSD-2-Clause
#include <core/small_space_move.hpp>

#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <core/thread_table.hpp>
#include <l4/protocol/sigma0.hpp>

namespace kernel {

using machine::SmallSpace;

namespace {

/// Entries of the directory looked at with interrupts off.
constexpr unsigned regions_at_once = 8;

/// The space that can be moved to `number` as far as it alone is concerned; null: none.
Space* find_movable (l4::ThreadId id, Word number)
{
    Tcb* const thread = thread_table::find (id);
    if (thread == nullptr || !SmallSpace::is_valid (number))
        return nullptr;
    Space& space = *thread->space;
    Word const task = id.task ();
    bool const stays = task == l4::sigma0_task || task == l4::root_id.task () || space.is_dying
                       || space.small_space ().has_tls ();
    return stays ? nullptr : &space;
}

/// Whether nothing is mapped from `end` on.
bool has_nothing_beyond (l4::ThreadId id, Word number)
{
    constexpr unsigned last = l4::user_limit >> l4::superpage_bits;
    for (unsigned i = SmallSpace::size (number) >> l4::superpage_bits; i < last; ++i) {
        if (i % regions_at_once == 0)
            scheduler::serve_interrupts ();
        Space* const space = find_movable (id, number);
        if (space == nullptr || space->directory ().raw_entry (i).is_present ())
            return false;
    }
    return true;
}

/// One step of making room at `number` for `space`, which may have a place already.
/// @return whether it is worth while to go on
bool make_room (Space& space, Word number)
{
    Space* occupant = SmallSpace::occupant (number);
    if (occupant != nullptr && occupant->small_space ().is_in_use ())
        return false;
    if (occupant == nullptr)
        occupant = &space;
    SmallSpace::leave (*occupant);
    static_cast<void> (SmallSpace::withdraw_step (*occupant));
    return true;
}

}  // namespace

void move_to_small_space (l4::ThreadId thread, Word number)
{
    if (find_movable (thread, number) == nullptr || !has_nothing_beyond (thread, number))
        return;
    for (;;) {
        Space* const space = find_movable (thread, number);
        if (space == nullptr)
            return;
        if (SmallSpace::occupant (number) == nullptr && !space->small_space ().has_place ()) {
            static_cast<void> (SmallSpace::enter (*space, number));
            return;
        }
        if (!make_room (*space, number))
            return;
        scheduler::serve_interrupts ();
    }
}

}  // namespace kernel
