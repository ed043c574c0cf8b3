// SPDX-License-Identifier: BSD-2-Clause
/// @file  The relation of clans, for any table of chiefs.
///
/// `chief_of (number)` is the chief of an active task or the owner of an inactive number, 0 at the
/// top. What an id says about its own chief is taken from the id: it need not name anything.
#pragma once

#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>

namespace kernel::clan {

/// Nesting ends at 15. Above the deepest number, an inactive one, lie 16 tasks and the root task.
constexpr unsigned longest_chain = 18;

/// Of the same task or clan, or one of them the other's chief: nobody stands between.
[[nodiscard]] constexpr bool is_direct (l4::ThreadId self, l4::ThreadId d)
{
    return d.task () == self.task () || d.chief () == self.chief () || d.task () == self.chief ()
           || d.chief () == self.task ();
}

/// Whether `id` belongs to the clan of task `chief`, or to a clan inside it.
template <typename ChiefOf>
[[nodiscard]] constexpr bool is_inside (l4::Word chief, l4::ThreadId id, ChiefOf chief_of)
{
    l4::Word x = id.chief ();
    for (unsigned n = 0; x != 0 && n < longest_chain; ++n) {
        if (x == chief)
            return true;
        x = chief_of (x);
    }
    return false;
}

/// On the way to an id: the task that stands there.
struct Hop {
    l4::Nearest type;
    l4::Word task;              ///< of the chief; without meaning in the same clan
};

template <typename ChiefOf>
[[nodiscard]] constexpr Hop first_hop (l4::ThreadId self, l4::ThreadId destination,
                                       ChiefOf chief_of)
{
    if (is_direct (self, destination))
        return { l4::Nearest::same_clan, destination.task () };
    l4::Word x = destination.chief ();
    for (unsigned n = 0; x != 0 && n < longest_chain; ++n) {
        l4::Word const above = chief_of (x);
        if (above == self.chief () || above == self.task ())
            return { l4::Nearest::inner_clan, x };
        x = above;
    }
    return { l4::Nearest::outside, self.chief () };
}

/// Whether task `deceiver` may send to `destination` in the name of `source`: only if a message
/// between the two would have to pass its border.
template <typename ChiefOf>
[[nodiscard]] constexpr bool preserves_direction (l4::Word deceiver, l4::ThreadId source,
                                                  l4::ThreadId destination, ChiefOf chief_of)
{
    return is_inside (deceiver, source, chief_of) != is_inside (deceiver, destination, chief_of);
}

}  // namespace kernel::clan
