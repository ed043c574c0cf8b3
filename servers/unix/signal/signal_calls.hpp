// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about signals.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Outcome sigaction (Call& call, Word signal, Address wanted, Address old);
[[nodiscard]] Outcome rt_sigaction (Call& call, Word signal, Address wanted, Address old,
                                    Word set_size);
[[nodiscard]] Outcome sigprocmask (Call& call, Word how, Address wanted, Address old);
[[nodiscard]] Outcome rt_sigprocmask (Call& call, Word how, Address wanted, Address old,
                                      Word set_size);
[[nodiscard]] Outcome sigpending (Call& call, Address set);
[[nodiscard]] Outcome rt_sigpending (Call& call, Address set, Word set_size);
[[nodiscard]] Outcome sigaltstack (Call& call, Address wanted, Address old);
[[nodiscard]] Outcome sigreturn (Call& call);
[[nodiscard]] Outcome rt_sigreturn (Call& call);

/// Wait for a signal that has a handler.
[[nodiscard]] Outcome pause (Call& call);
/// The same with another mask. The first two arguments are of older times.
[[nodiscard]] Outcome sigsuspend (Call& call, Word, Word, Word mask);
[[nodiscard]] Outcome rt_sigsuspend (Call& call, Address mask, Word set_size);

[[nodiscard]] Outcome kill (Call& call, Word target, Word signal);
[[nodiscard]] Outcome tkill (Call& call, Word thread, Word signal);
[[nodiscard]] Outcome tgkill (Call& call, Word process, Word thread, Word signal);

}  // namespace unix_server::calls
