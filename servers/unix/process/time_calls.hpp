// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls about time: clocks, sleeping, the alarm, what a process has used.
#pragma once

#include "../trap/call.hpp"

namespace unix_server {

/// What it has used of the processor.
[[nodiscard]] Time processor_time (Process const& process);

namespace calls {

[[nodiscard]] Outcome time (Call& call, Address to);
[[nodiscard]] Outcome gettimeofday (Call& call, Address to, Address zone);
[[nodiscard]] Outcome clock_gettime (Call& call, Word clock, Address to);
[[nodiscard]] Outcome clock_gettime64 (Call& call, Word clock, Address to);
[[nodiscard]] Outcome clock_getres (Call& call, Word clock, Address to);
[[nodiscard]] Outcome clock_getres64 (Call& call, Word clock, Address to);

[[nodiscard]] Outcome nanosleep (Call& call, Address wanted, Address remaining);
[[nodiscard]] Outcome clock_nanosleep (Call& call, Word clock, Word flags, Address wanted,
                                       Address remaining);
[[nodiscard]] Outcome clock_nanosleep64 (Call& call, Word clock, Word flags, Address wanted,
                                         Address remaining);
[[nodiscard]] Outcome sched_yield (Call& call);

/// The one timer of each process that sends SIGALRM.
[[nodiscard]] Outcome alarm (Call& call, Word seconds);
[[nodiscard]] Outcome setitimer (Call& call, Word which, Address wanted, Address old);
[[nodiscard]] Outcome getitimer (Call& call, Word which, Address to);

[[nodiscard]] Outcome times (Call& call, Address to);
[[nodiscard]] Outcome getrusage (Call& call, Word whose, Address to);

}  // namespace calls

}  // namespace unix_server
