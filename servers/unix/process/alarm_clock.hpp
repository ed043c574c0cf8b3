// SPDX-License-Identifier: BSD-2-Clause
/// @file  The server's alarm clock: a thread that sends it a message when it is time.
///
/// So the loop itself waits without timeouts, which is the kernel's shortest path, and a deadline
/// costs a message only when it becomes the earliest one.
#pragma once

#include <runtime/ipc.hpp>

#include "time.hpp"

namespace unix_server {

class AlarmClock {
public:
    static constexpr rt::Word thread = 2;

    /// Send a message at `time`, or never, instead of whenever was said before.
    void set (Time time);

    /// Its message has come, and was the last one.
    void has_rung () { set_to_ = never; }

private:
    Time set_to_ { never };
};

}  // namespace unix_server
