// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about processes: how they begin and end, who they are.
#pragma once

#include "../trap/call.hpp"
#include "program.hpp"

namespace unix_server {

/// Make the first process. @return false: it says why not
[[nodiscard]] bool start_first (System& system, std::string_view path, Arguments& arguments);

/// What a child is to be besides a copy.
struct ChildOrder {
    Word flags;                     ///< of clone
    Address stack;                  ///< 0: as the parent's
    Address tell_parent_at, tell_child_at;
};

namespace calls {

[[nodiscard]] Outcome exit (Call& call, Word status);
[[nodiscard]] Outcome fork (Call& call);
[[nodiscard]] Outcome vfork (Call& call);
[[nodiscard]] Outcome clone (Call& call, Word flags, Address stack, Address tell_parent_at,
                             Address tls, Address tell_child_at);
[[nodiscard]] Outcome execve (Call& call, Address path, Address arguments, Address environment);
[[nodiscard]] Outcome wait4 (Call& call, Word target, Address status, Word options, Address usage);
[[nodiscard]] Outcome waitpid (Call& call, Word target, Address status, Word options);
[[nodiscard]] Result getpid (Call& call);
[[nodiscard]] Result getppid (Call& call);
/// All users and groups: everybody is root.
[[nodiscard]] Result get_root (Call& call);
[[nodiscard]] Result uname (Call& call, Address to);
[[nodiscard]] Outcome set_thread_area (Call& call, Address user);

}  // namespace calls

}  // namespace unix_server
