// SPDX-License-Identifier: BSD-2-Clause
/// @file  Reader of cpio archives in the "newc" format.
///
/// One file in which many travel: the format is what `cpio -H newc` and Linux initial RAM disks
/// have, so every Unix can look into it. Member data is aligned to 4 bytes if the archive is.
///
/// Layout: a header of 110 characters (magic 070701, then 13 fields of 8 hexadecimal digits), the
/// name with its zero, padding to 4, the data, padding to 4; last a member named TRAILER!!!.
/// Invariant: nothing outside the given bytes is ever touched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace boot::cpio {

/// Whether these bytes begin like a newc archive.
[[nodiscard]] bool is_archive (std::span<std::byte const> bytes);

struct Member {
    std::string_view name;              ///< as stored, with directories
    std::span<std::byte const> data;
    std::uint32_t mode { 0 };           ///< as Unix has it

    [[nodiscard]] bool is_regular_file () const { return (mode & 0170000) == 0100000; }
};

class Reader {
public:
    /// @param bytes  the archive; anything behind its trailer is ignored
    explicit Reader (std::span<std::byte const> bytes) : rest_ { bytes }, size_ { bytes.size () }
    {
    }

    /// Reads the next member. @return false at the trailer or if the archive is damaged
    [[nodiscard]] bool next (Member& member);

    /// What is wrong with the archive, or nullptr.
    [[nodiscard]] char const* problem () const { return problem_; }

private:
    [[nodiscard]] bool fail (char const* problem)
    {
        problem_ = problem;
        return false;
    }

    [[nodiscard]] bool read_header (Member& member, std::uint32_t& name_size,
                                    std::uint32_t& data_size);
    /// Takes `size` bytes off the front of the rest. @return false if there are fewer
    [[nodiscard]] bool take (std::size_t size, std::span<std::byte const>& bytes);
    /// Drops what fills up to a multiple of 4, as far as it is there.
    void skip_padding ();

    std::span<std::byte const> rest_;
    std::size_t size_;                  ///< of the whole archive
    char const* problem_ { nullptr };
};

}  // namespace boot::cpio
