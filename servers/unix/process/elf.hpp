// SPDX-License-Identifier: BSD-2-Clause
/// @file  ELF files of Linux programs: everything is checked before anything is used.
///
/// Accepted: i386 executables at fixed addresses (ET_EXEC) and static position-independent ones
/// (ET_DYN), with or without the name of an interpreter. Segments lie in ascending order, on
/// pages of their own, inside a process's space.
///
/// Context: pure; host tests in tests/host/servers.
/// Source: System V ABI, chapters 4 and 5; i386 supplement.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "../abi/error.hpp"
#include "../fs/node.hpp"
#include "layout.hpp"

namespace unix_server {

struct Segment {
    Address begin;              ///< in the process
    Word memory_size;
    Word file_offset;
    Word file_size;             ///< at most memory_size; the rest is zero
    bool writable;

    [[nodiscard]] Address page_begin () const { return layout::page_down (begin); }
    [[nodiscard]] Address page_end () const { return layout::page_up (begin + memory_size); }
};

/// A program taken apart.
struct ElfProgram {
    static constexpr std::size_t max_segments = 8;
    static constexpr Word header_size = 32;         ///< of one program header

    Address entry { 0 };
    Address headers { 0 };      ///< program headers in the process; 0: not loaded
    Word header_count { 0 };
    Address end { 0 };          ///< behind the last segment, a page border
    Word interpreter_size { 0 };
    std::array<char, longest_name> interpreter_name {};
    std::size_t segment_count { 0 };
    std::array<Segment, max_segments> segments {};

    /// Empty: none
    [[nodiscard]] std::string_view interpreter () const
    {
        return { interpreter_name.data (), interpreter_size };
    }
    [[nodiscard]] std::span<Segment const> used () const
    {
        return { segments.data (), segment_count };
    }
};

/// Check `file` and take it apart. @return false: not a program that can be run
[[nodiscard]] bool read_elf (Node const& file, ElfProgram& program);

}  // namespace unix_server
