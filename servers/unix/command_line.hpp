// SPDX-License-Identifier: BSD-2-Clause
/// @file  The server's own command line: -c and a command, in quotation marks if it has blanks.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include "process/initial_stack.hpp"

namespace unix_server {

constexpr std::string_view shell { "/bin/sh" };

/// Take `line` apart. With a shell its arguments are those of `sh -c`; without one the words of the
/// command are the arguments, the first one a path: a name without a slash is looked for in /bin.
/// @return false: not of this form
[[nodiscard]] bool read_command_line (std::string_view line, bool has_shell,
                                      Arguments& arguments);

}  // namespace unix_server
