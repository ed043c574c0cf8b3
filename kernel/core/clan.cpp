// SPDX-License-Identifier: BSD-2-Clause
#include <core/clan.hpp>

#include <core/space.hpp>
#include <core/task_table.hpp>

namespace kernel::clan {

using l4::Nearest;
using l4::ThreadId;

namespace {

/// Thread 0 of an active task; of an inactive one, what is known of it.
ThreadId first_thread (l4::Word task)
{
    if (Space const* space = task_table::space (task))
        return space->task ();
    return ThreadId::make ({ .task = task, .lthread = 0, .version = 0,
                             .chief = task_table::chief (task), .nest = 0, .site = 0 });
}

bool is_direct (ThreadId self, ThreadId d)
{
    return d.task () == self.task () || d.chief () == self.chief () || d.task () == self.chief ()
           || d.chief () == self.task ();
}

/// Nesting is at most this deep: ids have four bits for it.
constexpr unsigned deepest = 16;

}  // namespace

NearestPartner nearest (ThreadId self, ThreadId destination)
{
    if (destination.is_nil ())
        return { Nearest::same_clan, self };
    if (destination.is_invalid ())
        return { Nearest::outside, first_thread (self.chief ()) };
    if (is_direct (self, destination))
        return { Nearest::same_clan, destination };
    l4::Word x = destination.chief ();
    for (unsigned depth = 0; x != 0 && depth <= deepest; ++depth) {
        l4::Word const above = task_table::chief (x);
        if (above == self.chief () || above == self.task ())
            return { Nearest::inner_clan, first_thread (x) };
        x = above;
    }
    return { Nearest::outside, first_thread (self.chief ()) };
}

}  // namespace kernel::clan
