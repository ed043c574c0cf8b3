// SPDX-License-Identifier: BSD-2-Clause
/// @file  System calls that wait for one of several open files: poll and select.
///
/// Source: poll(2), select(2); Linux for what select makes of poll's bits.
#pragma once

#include "../trap/call.hpp"

namespace unix_server::calls {

[[nodiscard]] Outcome poll (Call& call, Address wanted, Word count, Word milliseconds);
/// With a mask of signals for as long as it waits.
[[nodiscard]] Outcome ppoll (Call& call, Address wanted, Word count, Address timeout, Address mask,
                             Word set_size);
[[nodiscard]] Outcome select (Call& call, Word count, Address input, Address output,
                              Address exceptions, Address timeout);
/// @param mask  where address and size of a set are
[[nodiscard]] Outcome pselect6 (Call& call, Word count, Address input, Address output,
                                Address exceptions, Address timeout, Address mask);
/// The arguments of `select` in memory.
[[nodiscard]] Outcome old_select (Call& call, Address arguments);

}  // namespace unix_server::calls
