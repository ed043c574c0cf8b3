// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the server owns, in one place.
#pragma once

#include "fs/archive.hpp"
#include "process/initial_stack.hpp"
#include "process/process.hpp"

namespace unix_server {

struct System {
    Frames frames {};
    Processes processes {};
    Archive root {};
    StringList path {};             ///< of the execve that is being carried out
    Arguments arguments {};         ///< its strings
};

}  // namespace unix_server
