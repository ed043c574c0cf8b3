// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who gets the keys: the prompt, or the program that runs in the foreground and asks for
///        them (runtime/service.hpp).
#pragma once

#include <l4/word.hpp>

namespace console {

/// Serve programs: a thread of its own.
void start_keyboard ();

/// The next key for the prompt; sleeps until there is one.
[[nodiscard]] char read_key ();

/// A program is going to run in the foreground. It may ask for keys before its start has come back
/// with its number: it waits then.
void prepare_foreground ();
/// The program of this task number runs in the foreground now; 0: it did not start.
void begin_foreground (l4::Word task);
void end_foreground ();

/// Whether what was typed says that the program in the foreground shall end.
[[nodiscard]] bool end_is_typed ();

}  // namespace console
