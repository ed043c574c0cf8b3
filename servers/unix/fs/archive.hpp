// SPDX-License-Identifier: BSD-2-Clause
/// @file  The root file system as it comes: a cpio archive in the "newc" format, read in place.
///
/// Layout: a header of 110 characters (magic 070701, then 13 fields of 8 hexadecimal digits), the
/// name with its zero, padding to 4, the data, padding to 4; last a member named TRAILER!!!.
/// Names in it have no slash at the front; a path may have one, or several, and "." and "..".
///
/// Invariant: nothing outside the given bytes is ever touched.
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace unix_server {

class Archive {
public:
    using Bytes = std::span<std::byte const>;

    constexpr Archive () = default;
    constexpr explicit Archive (Bytes bytes) : bytes_ { bytes } {}

    struct File {
        Bytes data;
        std::uint32_t mode { 0 };           ///< as Unix has it

        [[nodiscard]] bool is_regular () const { return (mode & 0170000) == 0100000; }
        [[nodiscard]] bool is_executable () const { return is_regular () && (mode & 0111) != 0; }
    };

    /// The member at `path`, which begins at the root.
    [[nodiscard]] std::optional<File> find (std::string_view path) const;

private:
    Bytes bytes_ {};
};

/// Whether two paths from the root name the same file: "/a//./b/../c" and "a/c" do.
[[nodiscard]] bool same_path (std::string_view left, std::string_view right);

}  // namespace unix_server
