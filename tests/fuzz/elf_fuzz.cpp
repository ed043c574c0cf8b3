// SPDX-License-Identifier: BSD-2-Clause
/// @file  Files that claim to be programs. What is accepted must lie inside the file and inside the
///        process, segment by segment.
#include <cstring>

#include <unix/process/elf.hpp>

#include "fuzz.hpp"

using namespace unix_server;

namespace {

void put (std::string& file, std::size_t at, std::uint32_t value, std::size_t width)
{
    for (std::size_t i = 0; i < width; ++i)
        file[at + i] = static_cast<char> (value >> 8 * i);
}

void put_header (std::string& file, std::size_t number, std::initializer_list<std::uint32_t> words)
{
    std::size_t at = 52 + 32 * number;
    for (std::uint32_t const word : words) {
        put (file, at, word, 4);
        at += 4;
    }
}

/// Code, data, and an interpreter's name.
std::string program (std::uint32_t type, std::uint32_t base)
{
    std::string file (0x300, '\0');
    std::memcpy (file.data (), "\177ELF\1\1\1", 7);
    put (file, 16, type, 2);
    put (file, 18, 3, 2);
    put (file, 20, 1, 4);
    put (file, 24, base + 0x100, 4);
    put (file, 28, 52, 4);
    put (file, 42, 32, 2);
    put (file, 44, 3, 2);
    put_header (file, 0, { 1, 0, base, base, 0x200, 0x200, 5, 0x1000 });
    put_header (file, 1, { 1, 0x200, base + 0x1200, base + 0x1200, 0x80, 0x3000, 6, 0x1000 });
    put_header (file, 2, { 3, 0x280, 0, 0, 8, 8, 4, 1 });
    std::memcpy (file.data () + 0x280, "/lib/ld", 8);
    return file;
}

}  // namespace

std::vector<std::string> fuzz::samples ()
{
    return { program (2, 0x08048000), program (3, 0) };
}

extern "C" int LLVMFuzzerTestOneInput (std::uint8_t const* data, std::size_t size)
{
    ElfProgram found;
    Node file {};
    file.mode = mode::regular | 0755;
    file.size = static_cast<Word> (size);
    file.origin = { reinterpret_cast<std::byte const*> (data), size };
    if (!read_elf (file, found))
        return 0;
    Address last = layout::lowest;
    for (Segment const& segment : found.used ()) {
        fuzz::must (segment.file_offset <= size && segment.file_size <= size - segment.file_offset);
        fuzz::must (segment.file_size <= segment.memory_size);
        fuzz::must (segment.memory_size <= layout::user_end - segment.begin);
        fuzz::must (segment.page_begin () >= last && segment.page_end () > segment.page_begin ());
        last = segment.page_end ();
    }
    fuzz::must (found.end == last && last <= layout::mappings_end);
    fuzz::must (found.interpreter ().size () <= size);
    fuzz::must (found.interpreter ().find ('\0') == std::string_view::npos);
    return 0;
}
