// SPDX-License-Identifier: BSD-2-Clause
/// @file  Clans and chiefs: who stands between two threads.
///
/// The clan of a chief are the tasks that it created. Inside a clan, and between a chief and its
/// clan, messages go directly; others pass through the chiefs on the way. The rules themselves
/// are in clan_rules.hpp.
#pragma once

#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>

namespace kernel::clan {

struct NearestPartner {
    l4::Nearest type;
    l4::ThreadId id;
};

/// The thread that a message from `self` to `destination` really reaches. `destination` need not
/// exist. Nobody stands between an l4env thread and others.
[[nodiscard]] NearestPartner nearest (l4::ThreadId self, l4::Profile profile,
                                      l4::ThreadId destination);

/// Not nil, invalid, an interrupt line or another id that never names a thread.
[[nodiscard]] constexpr bool names_a_task (l4::ThreadId id)
{
    return !id.is_invalid () && id.task () >= l4::sigma0_task;
}

/// Nothing lies outside the clan of the root task, nor outside the kernel's.
[[nodiscard]] constexpr bool is_outermost (l4::Word chief)
{
    return chief == 0 || chief == l4::root_task;
}

/// Whether a thread of task `deceiver` may use the name `source` towards `destination`.
[[nodiscard]] bool may_deceive (l4::Word deceiver, l4::ThreadId source, l4::ThreadId destination);

}  // namespace kernel::clan
