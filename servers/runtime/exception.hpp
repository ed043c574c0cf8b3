// SPDX-License-Identifier: BSD-2-Clause
/// @file  Exceptions that a program does not expect end it, with a line that says which and where.
///
/// Each thread has an exception table of its own (docs/abi.md, 10). A thread that uses none is
/// shut down by its first exception, and nobody hears of it. So the first thread of every program,
/// and those of rt::start_thread, get the table made here before they do anything else. A program
/// that wants to handle exceptions itself gives its threads another one.
#pragma once

#include <l4/word.hpp>

namespace rt {

using l4::Address;
using l4::Word;

/// Status of a program that ended so: the same as for other faults (root/protocol.hpp).
constexpr int status_exception = 139;

struct Exception {
    Word number;
    Word code;                  ///< 0 if there is none
    Address instruction;
};

/// Give the calling thread the table.
void watch_exceptions ();

/// What becomes of an exception of a thread with it, on the stack of that thread. Defined once per
/// program: as below unless the program has its own.
[[noreturn]] void end_by_exception (Exception const& exception);

}  // namespace rt
