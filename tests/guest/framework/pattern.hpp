// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which test cases a pattern selects.
///
/// A pattern is the beginning of an id; a `*` at its end changes nothing, and a pattern in lower
/// case selects the same cases: `ipc`, `IPC-`, `IPC-0*`. The empty pattern selects every case.
#pragma once

#include <string_view>

namespace guest {

[[nodiscard]] constexpr char upper_case (char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char> (c - 'a' + 'A') : c;
}

[[nodiscard]] constexpr bool matches (std::string_view id, std::string_view pattern)
{
    if (!pattern.empty () && pattern.back () == '*')
        pattern.remove_suffix (1);
    if (pattern.size () > id.size ())
        return false;
    for (std::size_t i = 0; i < pattern.size (); ++i)
        if (upper_case (pattern[i]) != upper_case (id[i]))
            return false;
    return true;
}

static_assert (matches ("IPC-001", ""));
static_assert (matches ("IPC-001", "*"));
static_assert (matches ("IPC-001", "IPC-0*"));
static_assert (!matches ("IPC-001", "IPC-0010"));

}  // namespace guest
