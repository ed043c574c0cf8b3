// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the server owns, in one place.
#pragma once

#include <array>

#include "fs/path.hpp"
#include "io/pipe.hpp"
#include "io/printer.hpp"
#include "io/terminal.hpp"
#include "process/initial_stack.hpp"
#include "process/process.hpp"

namespace unix_server {

struct System {
    Frames frames {};
    Processes processes {};
    FileSystem files {};
    OpenFiles open_files {};
    Pipes pipes {};
    ProcessSet woken {};            ///< their calls are tried again before the next message
    ProcessSet resumed {};          ///< after a stop: woken soon
    ProcessSet signalled {};        ///< signals have come for them
    Printer printer {};
    Terminal terminal {};
    Time next_time { never };       ///< the earliest deadline, or earlier
    Time boot_time { 0 };           ///< of the clock on the wall, since 1970
    std::array<Path, 2> paths {};   ///< of the call that is being carried out
    Arguments arguments {};         ///< strings of the execve that is being carried out

    /// Something has happened that they may have waited for.
    void wake (WaitQueue& queue) { woken.add (queue.waiting.take_all ()); }
    /// Somebody has something to do then.
    void at (Time time) { next_time = earlier (next_time, time); }
};

}  // namespace unix_server
