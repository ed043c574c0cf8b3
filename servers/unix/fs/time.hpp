// SPDX-License-Identifier: BSD-2-Clause
/// @file  Times of files.
#pragma once

#include <compare>
#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

/// Since 1970.
struct FileTime {
    std::int64_t seconds { 0 };
    l4::Word nanoseconds { 0 };

    friend constexpr auto operator<=> (FileTime const&, FileTime const&) = default;
};

/// Now: the server defines it by its clock, a test as it likes.
[[nodiscard]] FileTime current_time ();

}  // namespace unix_server
