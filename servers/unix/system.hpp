// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the server owns, in one place.
#pragma once

#include "fs/archive.hpp"
#include "process/initial_stack.hpp"
#include "io/printer.hpp"
#include "process/process.hpp"

namespace unix_server {

struct System {
    Frames frames {};
    Processes processes {};
    Archive root {};
    ProcessSet woken {};            ///< their calls are tried again before the next message
    ProcessSet signalled {};        ///< signals have come for them
    Printer printer {};
    Time next_time { never };       ///< the earliest deadline, or earlier
    Time boot_time { 0 };           ///< of the clock on the wall, since 1970
    StringList path {};             ///< of the execve that is being carried out
    Arguments arguments {};         ///< its strings

    /// Something has happened that they may have waited for.
    void wake (WaitQueue& queue) { woken.add (queue.waiting.take_all ()); }
    /// Somebody has something to do then.
    void at (Time time) { next_time = earlier (next_time, time); }
};

}  // namespace unix_server
