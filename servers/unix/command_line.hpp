// SPDX-License-Identifier: BSD-2-Clause
/// @file  The server's own command line: -c and a command, in quotation marks if it has blanks.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include "process/initial_stack.hpp"

namespace unix_server {

/// Take `line` apart; the words of the command become arguments, the first one a path: a name
/// without a slash is looked for in /bin. @return false: not of this form
[[nodiscard]] bool read_command_line (std::string_view line, Arguments& arguments);

}  // namespace unix_server
