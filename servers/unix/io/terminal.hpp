// SPDX-License-Identifier: BSD-2-Clause
/// @file  The state of the terminal: its line discipline, and whose it is. There is one, the
///        console.
#pragma once

#include "../process/time.hpp"
#include "../process/wait_queue.hpp"
#include "line_discipline.hpp"

namespace unix_server {

struct Terminal {
    LineDiscipline line {};
    Word session { 0 };             ///< whose controlling terminal it is; 0: nobody's
    Word foreground { 0 };          ///< the group that may read
    WindowSize window {};
    Time last_key { never };
    WaitQueue readers {};
};

}  // namespace unix_server
