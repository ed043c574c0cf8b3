// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about process groups and sessions.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Result setpgid (Call& call, Word pid, Word group);
[[nodiscard]] Result getpgid (Call& call, Word pid);
[[nodiscard]] Result getpgrp (Call& call);
[[nodiscard]] Result setsid (Call& call);
[[nodiscard]] Result getsid (Call& call, Word pid);

}  // namespace unix_server::calls
