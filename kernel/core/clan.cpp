// SPDX-License-Identifier: BSD-2-Clause
#include <core/clan.hpp>

#include <core/clan_rules.hpp>
#include <core/space.hpp>
#include <core/task_table.hpp>

namespace kernel::clan {

using l4::Nearest;
using l4::ThreadId;

namespace {

/// Thread 0 of an active task; of an inactive one, as it would be with version 0.
ThreadId first_thread (l4::Word task)
{
    if (Space const* space = task_table::space (task))
        return space->task ();
    Space const* owner = task_table::space (task_table::chief (task));
    if (owner == nullptr)
        return ThreadId::nil ();        // the chief of the root task: the kernel
    return ThreadId::make ({ .task = task, .lthread = 0, .version = 0,
                             .chief = owner->task ().task (),
                             .nest = task_table::nest_below (owner->task ()), .site = 0 });
}

}  // namespace

NearestPartner nearest (ThreadId self, l4::Profile profile, ThreadId destination)
{
    if (destination.is_nil ())
        return { Nearest::same_clan, self };
    if (destination.is_invalid ())
        return { Nearest::outside, first_thread (self.chief ()) };
    if (profile == l4::Profile::l4env)
        return { Nearest::same_clan, destination };
    Hop const hop = first_hop (self, destination, task_table::chief);
    if (hop.type == Nearest::same_clan)
        return { hop.type, destination };
    return { hop.type, first_thread (hop.task) };
}

bool may_deceive (l4::Word deceiver, ThreadId source, ThreadId destination)
{
    return names_a_task (source) && source.task () != deceiver
           && preserves_direction (deceiver, source, destination, task_table::chief);
}

}  // namespace kernel::clan
