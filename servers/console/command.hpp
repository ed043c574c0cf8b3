// SPDX-License-Identifier: BSD-2-Clause
/// @file  The words of a command line.
#pragma once

#include <string_view>

namespace console {

enum class CommandKind { empty, help, info, bench, test, reboot, halt, unknown };

struct Command {
    CommandKind kind;
    std::string_view word;          ///< the first one
    std::string_view arguments;     ///< the rest, without surrounding blanks
};

[[nodiscard]] Command parse_command (std::string_view line);

/// Whether words may follow.
[[nodiscard]] constexpr bool takes_arguments (CommandKind kind)
{
    return kind == CommandKind::bench || kind == CommandKind::test;
}

}  // namespace console
