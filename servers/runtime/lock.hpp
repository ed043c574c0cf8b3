// SPDX-License-Identifier: BSD-2-Clause
/// @file  Mutual exclusion between threads of one task and one priority.
///
/// Whoever finds the lock taken gives its time away. A thread of lower priority that holds the
/// lock would not get that time: use it among equals only.
#pragma once

#include <runtime/ipc.hpp>

namespace rt {

class Lock {
public:
    void acquire ()
    {
        while (exchange (1) != 0)
            thread_switch (l4::ThreadId::nil ());
    }
    void release () { exchange (0); }

private:
    Word exchange (Word value)
    {
        asm volatile ("xchgl %0, %1" : "+r" (value), "+m" (taken_) : : "memory");
        return value;
    }

    Word taken_ { 0 };
};

/// Holds a lock as long as it lives.
class Locked {
public:
    explicit Locked (Lock& lock) : lock_ { lock } { lock_.acquire (); }
    ~Locked () { lock_.release (); }
    Locked (Locked const&) = delete;
    Locked& operator= (Locked const&) = delete;

private:
    Lock& lock_;
};

}  // namespace rt
