// SPDX-License-Identifier: BSD-2-Clause
/// @file  Paths as arguments of calls: a text in the process, and where it begins.
#pragma once

#include "../trap/call.hpp"

namespace unix_server {

/// What `...at` calls have, and what others have not.
struct PathArgument {
    Address text;
    Word directory { at_flag::working_directory };      ///< descriptor where the path begins
    bool may_be_empty { false };        ///< then it is the descriptor that is meant
};

/// Copy the text. @return 0, EFAULT, ENAMETOOLONG
[[nodiscard]] Result read_path (Call& call, Address text, Path& path);

/// Go where the path leads. @param place  its name is a part of `path`
/// @return 0, also if the last component is not there, or the error
[[nodiscard]] Result find_place (Call& call, PathArgument const& argument, LastLink last,
                                 Path& path, Place& place);

/// The node that is there. @return 0 or the error
[[nodiscard]] Result find_node (Call& call, PathArgument const& argument, LastLink last,
                                Node*& node);

}  // namespace unix_server
