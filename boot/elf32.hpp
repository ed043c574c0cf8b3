// SPDX-License-Identifier: BSD-2-Clause
/// @file  Reader of ELF executables for the i386: what goes where.
///
/// Everything that a loader relies on is checked here, so that loading is copying. Segments go
/// to their physical addresses (p_paddr).
///
/// Source:     System V ABI, "Object files"; i386 supplement.
/// Invariants: after `read` succeeded, every segment's bytes lie in the file, no two segments
///             share a byte of memory, all end below 4 GB, and the entry point is in the file.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "range.hpp"

namespace boot {

class Elf32 {
public:
    static constexpr std::size_t max_segments = 16;

    struct Segment {
        std::span<std::byte const> bytes {};    ///< what the file holds of it
        Range physical {};                      ///< what is behind the bytes is to be zero
        Address linked_at { 0 };                ///< virtual address of the first byte
    };

    /// @param file  must outlive the segments
    /// @return nullptr, or why the file cannot be loaded
    [[nodiscard]] char const* read (std::span<std::byte const> file);

    [[nodiscard]] Address entry () const { return entry_; }
    [[nodiscard]] std::span<Segment const> segments () const
    {
        return { segments_.data (), count_ };
    }

    /// All pages from the first segment to the last, with any holes between.
    [[nodiscard]] Range pages () const;

    /// Whether physical and virtual addresses agree, as programs without address space need.
    [[nodiscard]] bool runs_where_loaded () const;

private:
    struct ProgramHeader;
    [[nodiscard]] char const* add_segment (ProgramHeader const& header,
                                           std::span<std::byte const> file);
    [[nodiscard]] bool entry_is_in_file () const;

    std::array<Segment, max_segments> segments_ {};
    std::size_t count_ { 0 };
    Address entry_ { 0 };
};

}  // namespace boot
