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

/// The program of this task number runs in the foreground now.
void begin_foreground (l4::Word task);
void end_foreground ();

/// Whether what was typed says that the program in the foreground shall end.
[[nodiscard]] bool end_is_typed ();

}  // namespace console
