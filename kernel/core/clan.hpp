// SPDX-License-Identifier: BSD-2-Clause
/// @file  Clans and chiefs: who stands between two threads.
///
/// The clan of a chief are the tasks that it created. Inside a clan, and between a chief and its
/// clan, messages go directly; others pass through the chiefs on the way.
#pragma once

#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>

namespace kernel::clan {

struct NearestPartner {
    l4::Nearest type;
    l4::ThreadId id;
};

/// The thread that a message from `self` to `destination` really reaches. `destination` need not
/// exist.
[[nodiscard]] NearestPartner nearest (l4::ThreadId self, l4::ThreadId destination);

}  // namespace kernel::clan
