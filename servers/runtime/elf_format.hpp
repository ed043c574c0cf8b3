// SPDX-License-Identifier: BSD-2-Clause
/// @file  What an ELF file for the i386 is made of: System V ABI, generic part (1997), chapters 4
///        and 5. Who reads one checks it first; what is a program depends on who runs it.
#pragma once

#include <l4/word.hpp>

namespace rt::elf {

using l4::Address;
using l4::Word;

struct FileHeader {
    std::uint8_t identification[16];
    std::uint16_t type;
    std::uint16_t machine;
    Word version;
    Address entry;
    Word program_headers;
    Word section_headers;
    Word flags;
    std::uint16_t header_size;
    std::uint16_t program_header_size;
    std::uint16_t program_header_count;
    std::uint16_t section_header_size;
    std::uint16_t section_header_count;
    std::uint16_t section_names;
};

struct ProgramHeader {
    Word type;
    Word offset;
    Address virtual_address;
    Address physical_address;
    Word file_size;
    Word memory_size;
    Word flags;
    Word alignment;
};

static_assert (sizeof (FileHeader) == 52 && sizeof (ProgramHeader) == 32);

constexpr std::uint8_t expected_identification[7] = { 0x7F, 'E', 'L', 'F', 1, 1, 1 };
constexpr Word type_executable = 2;
constexpr Word type_shared = 3;             // position-independent executables, too
constexpr Word machine_i386 = 3;
constexpr Word segment_load = 1;
constexpr Word segment_dynamic = 2;
constexpr Word segment_interpreter = 3;
constexpr Word flag_execute = 1;
constexpr Word flag_write = 2;

}  // namespace rt::elf
