// SPDX-License-Identifier: BSD-2-Clause
/// @file  What signals do to a process: before it goes on from a trap, and in the middle of a call.
#pragma once

#include <optional>

#include "../trap/call.hpp"

namespace unix_server {

/// The process is about to go on as its call page says: whatever signals wait for it come first.
/// @return the answer to send; nothing: it has ended or stopped
[[nodiscard]] std::optional<Word> answer_after_signals (System& system, Process& process,
                                                        Word answer);

/// Its call has to wait. @return whether a signal ends that: then the call page says how
[[nodiscard]] bool interrupt_call (System& system, Process& process, OnSignal on_signal);

}  // namespace unix_server
