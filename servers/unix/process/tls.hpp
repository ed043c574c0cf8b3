// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the argument of set_thread_area to a descriptor of the processor.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <l4/exception.hpp>

#include "../abi/error.hpp"
#include "../abi/system_call.hpp"

namespace unix_server {

/// Linux calls the three descriptors 6 to 8, as the selectors do.
constexpr Word first_tls_entry = l4::tls_selector (0) / 8;
constexpr Word choose_entry = ~Word { 0 };

struct Descriptor {
    Word low { 0 };
    Word high { 0 };

    [[nodiscard]] bool is_empty () const { return (low | high) == 0; }
};

/// The form that programs use to say "none".
[[nodiscard]] constexpr bool is_empty (UserDescriptor const& wanted)
{
    constexpr Word flags = UserDescriptor::read_only | UserDescriptor::not_present;
    return wanted.base == 0 && wanted.limit == 0 && wanted.flags == flags;
}

/// Data segments of 32 bits that grow upwards; no other.
[[nodiscard]] constexpr bool can_encode (UserDescriptor const& wanted)
{
    return (wanted.flags & UserDescriptor::is_32_bit) != 0
           && (wanted.flags & (UserDescriptor::contents | UserDescriptor::not_present)) == 0
           && wanted.limit <= 0xFFFFF;
}

/// @pre can_encode (wanted)
[[nodiscard]] constexpr Descriptor encode (UserDescriptor const& wanted)
{
    constexpr Word present_user_data = 0xF0 << 8;
    constexpr Word writable = 2 << 8;
    constexpr Word wide = 1 << 22;
    constexpr Word pages = 1 << 23;
    Word high = (wanted.base & 0xFF000000) | (wanted.base >> 16 & 0xFF) | (wanted.limit & 0xF0000)
                | present_user_data | wide;
    if ((wanted.flags & UserDescriptor::read_only) == 0)
        high |= writable;
    if ((wanted.flags & UserDescriptor::in_pages) != 0)
        high |= pages;
    return { (wanted.limit & 0xFFFF) | wanted.base << 16, high };
}

}  // namespace unix_server
