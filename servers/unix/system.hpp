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
    ProcessSet woken {};            ///< their calls are tried again before the next message
    StringList path {};             ///< of the execve that is being carried out
    Arguments arguments {};         ///< its strings

    /// Something has happened that they may have waited for.
    void wake (WaitQueue& queue) { woken.add (queue.waiting.take_all ()); }
};

}  // namespace unix_server
