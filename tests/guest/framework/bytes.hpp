// SPDX-License-Identifier: BSD-2-Clause
/// @file  Areas of bytes: a pattern in which every place looks different, and comparisons.
#pragma once

#include <l4/word.hpp>

namespace guest {

using l4::Address;
using l4::Word;

[[nodiscard]] inline unsigned char volatile* bytes_at (Address a)
{
    return reinterpret_cast<unsigned char volatile*> (a);
}

/// No byte 0, and a period that no page size divides.
inline void fill_bytes (Address a, Word size, Word seed)
{
    for (Word i = 0; i < size; ++i)
        bytes_at (a)[i] = static_cast<unsigned char> ((i + seed) % 251 + 1);
}

inline void clear_bytes (Address a, Word size)
{
    for (Word i = 0; i < size; ++i)
        bytes_at (a)[i] = 0;
}

[[nodiscard]] inline bool same_bytes (Address a, Address b, Word size)
{
    for (Word i = 0; i < size; ++i)
        if (bytes_at (a)[i] != bytes_at (b)[i])
            return false;
    return true;
}

[[nodiscard]] inline bool clear (Address a, Word size)
{
    for (Word i = 0; i < size; ++i)
        if (bytes_at (a)[i] != 0)
            return false;
    return true;
}

}  // namespace guest
