// SPDX-License-Identifier: BSD-2-Clause
/// @file  Keeps the machine from being idle. Where an emulator counts instructions, its clock jumps
///        over idle times, but its disk does not: on a busy host a guest that waits for the disk
///        would wait for minutes of its own time.
#pragma once

#include <runtime/thread.hpp>

#include "supervision.hpp"

/// As long as it lives, a thread of the lowest priority runs when nobody else does.
class Awake {
public:
    Awake ()
    {
        wanted_ = true;
        set_priority (rt::start_thread (thread, stack_.top (), spin), 0);
    }
    ~Awake () { wanted_ = false; }
    Awake (Awake const&) = delete;
    Awake& operator= (Awake const&) = delete;

private:
    static constexpr l4::Word thread = 10;

    static void spin (void*)
    {
        while (wanted_)
            asm volatile ("");
        rt::sleep_forever ();
    }

    static inline bool volatile wanted_ = false;
    static inline constinit rt::Stack<512> stack_ {};
};
