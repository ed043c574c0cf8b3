// SPDX-License-Identifier: BSD-2-Clause
/// @file  The first line of a script: `#!interpreter argument`.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: Linux, fs/binfmt_script.c.
#pragma once

#include <array>
#include <string_view>

#include "../fs/node.hpp"

namespace unix_server {

struct ScriptLine {
    /// Linux looks at no more of a file.
    static constexpr Word longest = 256;

    std::string_view interpreter {};
    std::string_view argument {};               ///< the rest of the line; empty: none

    /// @return false: it is no script, or the name does not fit
    [[nodiscard]] bool read (Node const& file);

private:
    std::array<char, longest> text_ {};
};

}  // namespace unix_server
