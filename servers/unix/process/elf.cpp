// SPDX-License-Identifier: BSD-2-Clause
#include "elf.hpp"

#include <runtime/elf_format.hpp>

#include "../fs/content.hpp"

namespace unix_server {

namespace {

using namespace rt::elf;
using File = Node const&;

static_assert (sizeof (ProgramHeader) == ElfProgram::header_size);

/// Whether [offset, offset + size) lies in the file.
bool inside (Word offset, Word size, File file)
{
    return offset <= file.size && size <= file.size - offset;
}

/// The `T` at `offset`, which must be inside.
template <typename T>
T read (File file, Word offset)
{
    T value {};
    read_content (file, offset, &value, sizeof value);
    return value;
}

bool check_file_header (FileHeader const& header, File file)
{
    for (std::size_t i = 0; i < sizeof expected_identification; ++i)
        if (header.identification[i] != expected_identification[i])
            return false;
    return header.machine == machine_i386 && header.version == 1
           && (header.type == type_executable || header.type == type_shared)
           && header.program_header_size == sizeof (ProgramHeader)
           && inside (header.program_headers,
                      Word { header.program_header_count } * sizeof (ProgramHeader), file);
}

/// Takes the program headers one by one.
class Reader {
public:
    Reader (File file, FileHeader const& header, ElfProgram& program)
        : file_ { file }, header_ { header }, program_ { program },
          bias_ { header.type == type_shared ? layout::position_independent : 0 }
    {
    }

    bool read_all ()
    {
        program_ = {};
        program_.entry = header_.entry + bias_;
        program_.header_count = header_.program_header_count;
        for (Word i = 0; i < header_.program_header_count; ++i) {
            auto const header = read<ProgramHeader> (
                file_, header_.program_headers + i * sizeof (ProgramHeader));
            if (header.type == segment_interpreter && !add_interpreter (header))
                return false;
            if (header.type == segment_load && header.memory_size != 0 && !add_segment (header))
                return false;
        }
        return holds_entry_;
    }

private:
    bool add_interpreter (ProgramHeader const& header)
    {
        if (!inside (header.offset, header.file_size, file_) || header.file_size < 2
            || header.file_size > program_.interpreter_name.size ()
            || program_.interpreter_size != 0)
            return false;
        read_content (file_, header.offset, program_.interpreter_name.data (), header.file_size);
        program_.interpreter_size = header.file_size;
        std::string_view const name = program_.interpreter ();
        --program_.interpreter_size;
        return name.find ('\0') == name.size () - 1;
    }

    bool add_segment (ProgramHeader const& header)
    {
        Address const begin = header.virtual_address + bias_;
        if (program_.segment_count == ElfProgram::max_segments
            || header.file_size > header.memory_size
            || !inside (header.offset, header.file_size, file_)
            || (header.offset - header.virtual_address) % l4::page_size != 0)
            return false;
        // The bias may have wrapped around, too.
        if (begin < header.virtual_address || begin < layout::lowest
            || begin >= layout::mappings_end
            || header.memory_size > layout::mappings_end - begin
            || layout::page_down (begin) < program_.end)
            return false;
        Segment const segment { begin, header.memory_size, header.offset, header.file_size,
                                (header.flags & flag_write) != 0 };
        program_.segments[program_.segment_count++] = segment;
        program_.end = segment.page_end ();
        note (header, segment);
        return true;
    }

    /// Whether the segment holds the entry, or the program headers.
    void note (ProgramHeader const& header, Segment const& segment)
    {
        if ((header.flags & flag_execute) != 0
            && program_.entry - segment.begin < segment.memory_size)
            holds_entry_ = true;
        Word const size = program_.header_count * sizeof (ProgramHeader);
        Word const offset = header_.program_headers - segment.file_offset;
        if (header_.program_headers >= segment.file_offset && offset <= segment.file_size
            && size <= segment.file_size - offset)
            program_.headers = segment.begin + offset;
    }

    File file_;
    FileHeader const& header_;
    ElfProgram& program_;
    Address bias_;
    bool holds_entry_ { false };
};

}  // namespace

bool read_elf (File file, ElfProgram& program)
{
    if (file.size < sizeof (FileHeader))
        return false;
    auto const header = read<FileHeader> (file, 0);
    return check_file_header (header, file) && Reader { file, header, program }.read_all ();
}

}  // namespace unix_server
