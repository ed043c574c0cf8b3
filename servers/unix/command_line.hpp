// SPDX-License-Identifier: BSD-2-Clause
/// @file  The server's own command line: a root file system other than the usual one, -c and a
///        command, in quotation marks if it has blanks.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include "process/initial_stack.hpp"

namespace unix_server {

constexpr std::string_view shell { "/bin/sh" };

/// The name of a boot module that holds a root file system: NAME.root.
class RootName {
public:
    /// Take `--root NAME` off the front of `line`, if it is there.
    explicit RootName (std::string_view& line);

    [[nodiscard]] std::string_view module () const { return { module_, length_ }; }

private:
    static constexpr Word longest = 16;     ///< as rt::Name

    Word length_ { 0 };
    char module_[longest];
};

/// Take `line` apart. With a shell its arguments are those of `sh -c`, or, without a command, those
/// of one to log in to; without a shell the words of the command are the arguments, the first one a
/// path: a name without a slash is looked for in /bin.
/// @return false: not of this form
[[nodiscard]] bool read_command_line (std::string_view line, bool has_shell,
                                      Arguments& arguments);

}  // namespace unix_server
