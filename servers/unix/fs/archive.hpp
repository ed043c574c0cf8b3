// SPDX-License-Identifier: BSD-2-Clause
/// @file  Reads a cpio archive in the "newc" format, member by member.
///
/// Layout: a header of 110 characters (magic 070701, then 13 fields of 8 hexadecimal digits), the
/// name with its zero, padding to 4, the data, padding to 4; last a member named TRAILER!!!.
/// Of several names of one file, the last one has the data.
///
/// Invariant: nothing outside the given bytes is ever touched.
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unix_server {

class ArchiveReader {
public:
    using Bytes = std::span<std::byte const>;

    struct Member {
        std::string_view name;
        Bytes data;
        std::uint32_t number;           ///< of its node
        std::uint32_t mode;             ///< as Unix has it
        std::uint32_t user, group;
        std::uint32_t links;
        std::uint32_t time;             ///< of modification
        std::uint32_t device_major, device_minor;       ///< of a device node
    };

    constexpr explicit ArchiveReader (Bytes bytes) : rest_ { bytes }, size_ { bytes.size () } {}

    /// @return false: the end, or damaged
    [[nodiscard]] bool next (Member& member);

    /// Whether the end has been found.
    [[nodiscard]] bool is_complete () const { return is_complete_; }

private:
    [[nodiscard]] bool take (std::size_t size, Bytes& bytes);
    void skip_padding ();

    Bytes rest_;
    std::size_t size_;
    bool is_complete_ { false };
};

}  // namespace unix_server
