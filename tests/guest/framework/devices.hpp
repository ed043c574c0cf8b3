// SPDX-License-Identifier: BSD-2-Clause
/// @file  Two devices that interrupt when a case wants it.
///
/// The keyboard answers a command byte and so raises line 1 once; it does so again only when the
/// answer has been read. The real-time clock raises line 8 periodically, each time only if its
/// register C has been read since. Their ports go to the first run of the test program that asks;
/// later runs in the same boot skip.
#pragma once

#include "check.hpp"

namespace guest {

class Keyboard {
public:
    static constexpr unsigned line = 1;

    /// Get its port; ends the case as skipped if it is somebody else's.
    static void acquire ();
    /// Raise the line, at once or (Bochs) within a millisecond.
    static void raise ();
    /// Take the answer: the line falls, and can be raised again.
    static void serve ();
};

class RealTimeClock {
public:
    static constexpr unsigned line = 8;

    static void acquire ();
    /// Raise the line 2^`log2_hertz` times a second: 1 to 13.
    static void start (unsigned log2_hertz);
    static void stop ();
    static void serve ();
};

}  // namespace guest
