// SPDX-License-Identifier: BSD-2-Clause
/// @file  Threads of the own task.
#pragma once

#include <runtime/ipc.hpp>

namespace rt {

/// What a thread runs. It must not return: a thread ends by sleeping forever.
using ThreadFunction = void (*) (void* argument);

/// Start thread `number` at `function (argument)`, or send a running one there (its IPC is
/// cancelled). A new thread gets the caller's pager; an existing one keeps its own. Its exceptions
/// end the program (exception.hpp).
/// @param number     1..127
/// @param stack_top  first byte behind its stack, a multiple of 8
/// @return the thread's id
l4::ThreadId start_thread (Word number, void* stack_top, ThreadFunction function,
                           void* argument = nullptr);

/// Put what a new thread needs on its stack. @return its first stack pointer
[[nodiscard]] void* prepare_stack (void* stack_top, ThreadFunction function, void* argument);

/// A stack for `start_thread`.
template <std::size_t Bytes>
struct Stack {
    static_assert (Bytes % 8 == 0);

    [[nodiscard]] void* top () { return words + Bytes / sizeof (Word); }

    alignas (8) Word words[Bytes / sizeof (Word)];
};

}  // namespace rt
