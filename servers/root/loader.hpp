// SPDX-License-Identifier: BSD-2-Clause
/// @file  ELF files of programs: everything is checked before anything is used.
///
/// Accepted: static executables for the i386 whose segments lie in ascending order, on pages of
/// their own, within the image area of runtime/layout.hpp.
///
/// Source: System V ABI, chapters 4 and 5; i386 supplement.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <l4/fpage.hpp>
#include <runtime/layout.hpp>

namespace root {

using l4::Address;
using l4::Word;

enum class ElfError {
    none,
    not_elf,            ///< magic, class, byte order, version or machine
    not_executable,     ///< relocatable, shared or dynamically linked
    damaged,            ///< a table or segment reaches beyond the file, or sizes contradict
    outside_layout,     ///< a segment or the entry lies where programs may not be
    overlap,            ///< segments share a page or are not in order
};

struct Segment {
    Address begin;              ///< in the program
    Word memory_size;
    Word file_offset;
    Word file_size;             ///< at most memory_size; the rest is zero
    l4::Access access;
};

struct Executable {
    static constexpr std::size_t max_segments = 8;

    Address entry { 0 };
    std::size_t segment_count { 0 };
    std::array<Segment, max_segments> segments {};

    [[nodiscard]] std::span<Segment const> used () const
    {
        return { segments.data (), segment_count };
    }
};

/// Check `file` and take it apart. @param executable  set if the answer is `none`
[[nodiscard]] ElfError read_elf (std::span<std::byte const> file, Executable& executable);

}  // namespace root
