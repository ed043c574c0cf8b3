// SPDX-License-Identifier: BSD-2-Clause
/// @file  The words of a command line.
#pragma once

#include <string_view>

namespace console {

enum class CommandKind {
    empty, help, info, bench, test, unix, disk, net, date, drivers, run, start, ps, mem, kill,
    restart, reboot, halt, unknown
};

struct Command {
    CommandKind kind;
    std::string_view word;          ///< the first one
    std::string_view arguments;     ///< the rest, without surrounding blanks
};

struct WordAndRest {
    std::string_view word;
    std::string_view rest;          ///< without surrounding blanks
};

/// The first word of a line, and what follows.
[[nodiscard]] WordAndRest split (std::string_view line);

[[nodiscard]] Command parse_command (std::string_view line);

/// Whether words may follow.
[[nodiscard]] constexpr bool takes_arguments (CommandKind kind)
{
    switch (kind) {
    case CommandKind::bench:
    case CommandKind::test:
    case CommandKind::unix:
    case CommandKind::disk:
    case CommandKind::net:
    case CommandKind::date:
    case CommandKind::run:
    case CommandKind::start:
    case CommandKind::kill:
    case CommandKind::restart: return true;
    default: return false;
    }
}

}  // namespace console
