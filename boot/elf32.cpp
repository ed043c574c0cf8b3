// SPDX-License-Identifier: BSD-2-Clause
#include "elf32.hpp"

#include <cstdint>
#include <cstring>

namespace boot {

namespace {

using Bytes = std::span<std::byte const>;
using Half = std::uint16_t;

struct FileHeader {
    std::uint8_t identification[16];
    Half type;
    Half machine;
    Word version;
    Address entry;
    Word program_headers_offset;
    Word section_headers_offset;
    Word flags;
    Half header_size;
    Half program_header_size;
    Half program_headers;
    Half section_header_size;
    Half section_headers;
    Half section_names;
};

static_assert (sizeof (FileHeader) == 52);

constexpr std::uint8_t magic[4] { 0x7F, 'E', 'L', 'F' };
constexpr std::size_t class_index = 4;
constexpr std::uint8_t class_32 = 1;
constexpr std::size_t data_index = 5;
constexpr std::uint8_t little_endian = 1;
constexpr Word current_version = 1;
constexpr Half type_executable = 2;
constexpr Half machine_386 = 3;

constexpr Word segment_load = 1;
constexpr Word segment_interpreter = 3;

constexpr char const* truncated = "truncated ELF file";

char const* check_header (FileHeader const& h)
{
    if (h.identification[class_index] != class_32)
        return "not a 32-bit ELF file";
    if (h.identification[data_index] != little_endian)
        return "not a little-endian ELF file";
    if (h.version != current_version)
        return "unknown ELF version";
    if (h.type != type_executable)
        return "not an executable ELF file";
    if (h.machine != machine_386)
        return "not an ELF file for the i386";
    if (h.header_size < sizeof h)
        return "damaged ELF header";
    return nullptr;
}

}  // namespace

struct Elf32::ProgramHeader {
    Word type;
    Word offset;
    Address linked_at;
    Address physical;
    Word file_size;
    Word memory_size;
    Word flags;
    Word alignment;
};

char const* Elf32::read (Bytes file)
{
    *this = Elf32 {};
    FileHeader header;
    if (file.size () < sizeof magic || std::memcmp (file.data (), magic, sizeof magic) != 0)
        return "not an ELF file";
    if (file.size () < sizeof header)
        return truncated;
    std::memcpy (&header, file.data (), sizeof header);
    if (char const* problem = check_header (header))
        return problem;
    if (header.program_headers != 0 && header.program_header_size != sizeof (ProgramHeader))
        return "damaged ELF header";
    std::size_t const table_size = header.program_headers * sizeof (ProgramHeader);
    if (header.program_headers_offset > file.size ()
        || table_size > file.size () - header.program_headers_offset)
        return truncated;

    for (std::size_t i = 0; i < header.program_headers; ++i) {
        ProgramHeader segment;
        std::memcpy (&segment,
                     file.data () + header.program_headers_offset + i * sizeof segment,
                     sizeof segment);
        if (char const* problem = add_segment (segment, file))
            return problem;
    }
    entry_ = header.entry;
    if (count_ == 0)
        return "ELF file without anything to load";
    return entry_is_in_file () ? nullptr : "entry point outside of the image";
}

char const* Elf32::add_segment (ProgramHeader const& header, Bytes file)
{
    if (header.type == segment_interpreter)
        return "ELF file that needs a dynamic linker";
    if (header.type != segment_load || header.memory_size == 0)
        return nullptr;
    if (header.file_size > header.memory_size)
        return "segment with more bytes than memory";
    if (header.offset > file.size () || header.file_size > file.size () - header.offset)
        return truncated;
    if (header.physical > last_page || header.memory_size > last_page - header.physical)
        return "segment beyond the address space";
    if (count_ == max_segments)
        return "too many segments";

    Segment const segment { { file.data () + header.offset, header.file_size },
                            { header.physical, header.physical + header.memory_size },
                            header.linked_at };
    for (Segment const& other : segments ())
        if (other.physical.overlaps (segment.physical))
            return "overlapping segments";
    segments_[count_++] = segment;
    return nullptr;
}

bool Elf32::entry_is_in_file () const
{
    for (Segment const& s : segments ())
        if (entry_ >= s.physical.begin && entry_ - s.physical.begin < s.bytes.size ())
            return true;
    return false;
}

Range Elf32::pages () const
{
    Range all = segments ().empty () ? Range {} : segments ().front ().physical;
    for (Segment const& s : segments ()) {
        all.begin = s.physical.begin < all.begin ? s.physical.begin : all.begin;
        all.end = s.physical.end > all.end ? s.physical.end : all.end;
    }
    return pages_around (all);
}

bool Elf32::runs_where_loaded () const
{
    for (Segment const& s : segments ())
        if (s.linked_at != s.physical.begin)
            return false;
    return true;
}

}  // namespace boot
