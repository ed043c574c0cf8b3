// SPDX-License-Identifier: BSD-2-Clause
/// @file  Starting a thread at a function, or sending an existing one there.
#pragma once

#include <runtime/ipc.hpp>

namespace guest {

using l4::Address;
using l4::Word;

using PartnerFunction = void (*) (void* argument);

/// Start or redirect thread `lthread` of the own task.
/// @param stack_top  first word behind its stack
void start_at (Word lthread, Word* stack_top, PartnerFunction function, void* argument,
               l4::ThreadId pager);

/// Have thread `lthread` of the own task sleep forever. It may not have come so far when it is
/// started the next time, so it reads nothing that is written for that: not what it would run,
/// and not the top of its stack.
void park_at (Word lthread, Word* stack_top, l4::ThreadId pager);

/// Put what a thread at `thread_entry` needs below `stack_top`. @return its ESP
[[nodiscard]] Address prepare_stack (Word* stack_top, PartnerFunction function, void* argument);
/// EIP of a thread with such a stack.
[[nodiscard]] Address thread_entry ();

}  // namespace guest
