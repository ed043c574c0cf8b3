// SPDX-License-Identifier: BSD-2-Clause
/// @file  The console's keys: a thread of the server that waits for them and brings them to the
///        loop, a few at a time.
#pragma once

#include <runtime/service.hpp>

namespace unix_server {

constexpr rt::Word keyboard_thread = 3;

/// If the server does not run in the console's foreground there are no keys.
void start_keyboard ();

/// The thread's message.
[[nodiscard]] inline rt::UnpackedText typed_keys (rt::Words message)
{
    return rt::unpack_text (message);
}

}  // namespace unix_server
