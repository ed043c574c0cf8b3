// SPDX-License-Identifier: BSD-2-Clause
#include "loader.hpp"

#include <runtime/elf_format.hpp>

namespace root {

namespace {

using namespace rt::elf;

/// Whether [offset, offset + size) lies in a file of `file_size` bytes.
constexpr bool inside (Word offset, Word size, std::size_t file_size)
{
    return offset <= file_size && size <= file_size - offset;
}

/// The `T` at `offset`, which must be inside. The file need not be aligned.
template <typename T>
T read (std::span<std::byte const> file, Word offset)
{
    T value;
    __builtin_memcpy (&value, file.data () + offset, sizeof value);
    return value;
}

ElfError check_file_header (FileHeader const& header, std::size_t file_size)
{
    for (std::size_t i = 0; i < sizeof expected_identification; ++i)
        if (header.identification[i] != expected_identification[i])
            return ElfError::not_elf;
    if (header.machine != machine_i386 || header.version != 1)
        return ElfError::not_elf;
    if (header.type != type_executable)
        return ElfError::not_executable;
    Word const table_size = Word { header.program_header_count } * sizeof (ProgramHeader);
    if (header.program_header_size != sizeof (ProgramHeader)
        || !inside (header.program_headers, table_size, file_size))
        return ElfError::damaged;
    return ElfError::none;
}

constexpr Address page_up (Address address)
{
    return (address + l4::page_size - 1) & ~(l4::page_size - 1);
}

/// @param free_from  first page behind the segments before this one
ElfError check_segment (ProgramHeader const& header, std::size_t file_size, Address free_from)
{
    using namespace rt::layout;
    if (header.file_size > header.memory_size
        || !inside (header.offset, header.file_size, file_size))
        return ElfError::damaged;
    if (header.virtual_address < image_begin || header.virtual_address >= image_end
        || header.memory_size > image_end - header.virtual_address)
        return ElfError::outside_layout;
    if ((header.virtual_address & ~(l4::page_size - 1)) < free_from)
        return ElfError::overlap;
    return ElfError::none;
}

ElfError add_segment (ProgramHeader const& header, std::size_t file_size, bool& holds_entry,
                      Executable& executable)
{
    if (executable.segment_count == Executable::max_segments)
        return ElfError::damaged;
    auto const before = executable.used ();
    Address const free_from
        = before.empty () ? 0 : page_up (before.back ().begin + before.back ().memory_size);
    if (ElfError const error = check_segment (header, file_size, free_from);
        error != ElfError::none)
        return error;
    executable.segments[executable.segment_count++]
        = { header.virtual_address, header.memory_size, header.offset, header.file_size,
            (header.flags & flag_write) != 0 ? l4::Access::read_write : l4::Access::read_only };
    if ((header.flags & flag_execute) != 0
        && executable.entry - header.virtual_address < header.memory_size)
        holds_entry = true;
    return ElfError::none;
}

}  // namespace

ElfError read_elf (std::span<std::byte const> file, Executable& executable)
{
    if (file.size () < sizeof (FileHeader))
        return ElfError::not_elf;
    auto const header = read<FileHeader> (file, 0);
    if (ElfError const error = check_file_header (header, file.size ()); error != ElfError::none)
        return error;

    executable = {};
    executable.entry = header.entry;
    bool holds_entry = false;
    for (Word i = 0; i < header.program_header_count; ++i) {
        auto const segment = read<ProgramHeader> (file, header.program_headers
                                                            + i * sizeof (ProgramHeader));
        if (segment.type == segment_dynamic || segment.type == segment_interpreter)
            return ElfError::not_executable;
        if (segment.type != segment_load || segment.memory_size == 0)
            continue;
        if (ElfError const error = add_segment (segment, file.size (), holds_entry, executable);
            error != ElfError::none)
            return error;
    }
    return holds_entry ? ElfError::none : ElfError::outside_layout;
}

}  // namespace root
