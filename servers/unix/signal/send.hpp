// SPDX-License-Identifier: BSD-2-Clause
/// @file  Signals on their way to processes.
#pragma once

#include "../system.hpp"

namespace unix_server {

/// A signal for one process. What it does there is done before the server's next message.
void send_signal (System& system, Process& process, Signal signal, Cause const& cause);

/// For all processes of a group. @return whether there are any
bool send_to_group (System& system, Word group, Signal signal, Cause const& cause);

/// An exception of the process itself.
void raise_exception (System& system, Process& process, Signal signal, Cause const& cause);

}  // namespace unix_server
