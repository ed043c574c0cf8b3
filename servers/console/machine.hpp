// SPDX-License-Identifier: BSD-2-Clause
/// @file  The ends of a session: restart and power-off.
#pragma once

namespace console {

/// Restart the machine. Returns only if it does not react.
void reset_machine ();

/// Tell an emulator that the session is over. Returns on a real machine.
void leave_emulator ();

}  // namespace console
