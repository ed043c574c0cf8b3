// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about what a process is: its name, users, priority, limits; random bytes.
///
/// Everybody is root: other users can be asked for, and make no difference.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Outcome prctl (Call& call, Word option, Word argument);
[[nodiscard]] Outcome getrlimit (Call& call, Word resource, Address to);
[[nodiscard]] Outcome setrlimit (Call& call, Word resource, Address from);
[[nodiscard]] Outcome prlimit64 (Call& call, Word pid, Word resource, Address wanted, Address old);
[[nodiscard]] Outcome getrandom (Call& call, Address to, Word size, Word flags);
[[nodiscard]] Result set_robust_list (Call& call, Address list, Word size);
[[nodiscard]] Result getpriority (Call& call, Word which, Word who);
[[nodiscard]] Result setpriority (Call& call, Word which, Word who, Word priority);
/// setuid and its family: only root is there.
[[nodiscard]] Result become (Call& call, Word user);
[[nodiscard]] Result become_two (Call& call, Word real, Word effective);
[[nodiscard]] Result become_three (Call& call, Word real, Word effective, Word saved);
[[nodiscard]] Outcome tell_three (Call& call, Address real, Address effective, Address saved);
[[nodiscard]] Result getgroups (Call& call, Word count);
[[nodiscard]] Result setgroups (Call& call, Word count);

}  // namespace unix_server::calls
