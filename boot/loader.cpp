// SPDX-License-Identifier: BSD-2-Clause
#include "loader.hpp"

#include "command_line.hpp"
#include "cpio.hpp"

namespace boot {

namespace {

namespace multiboot = l4::multiboot;

/// Multiboot fields that only boot reads.
constexpr Word info_loader_name = 1 << 9;
constexpr std::size_t loader_name_index = 3;        ///< in Info::unused

/// The zero-terminated text at `at`, cut to `limit` characters.
std::string_view text_at (Address at, std::size_t limit)
{
    auto const* const text = reinterpret_cast<char const*> (at);
    std::size_t length = 0;
    while (length < limit && text[length] != '\0')
        ++length;
    return { text, length };
}

/// Reading beyond the end of memory would find junk and tell something misleading.
Failure check_place (Module const& module, MemoryMap const& memory)
{
    Range const place = module.memory;
    if (place.end < place.begin || place.end > last_page)
        return { module.name (), "damaged module address" };
    if (memory.from_bios && !memory.ram.contains (pages_around (place)))
        return { module.name (), "does not fit into memory; it lies", {}, place };
    return success;
}

}  // namespace

Failure Loader::command_line (char (&buffer)[command_line_capacity], std::string_view& line) const
{
    line = {};
    if (!has (multiboot::info_command_line) || info_.command_line == 0)
        return success;
    auto const loader = has (info_loader_name)
                            ? text_at (info_.unused[loader_name_index], sizeof "qemu")
                            : std::string_view {};
    auto const given = text_at (info_.command_line, command_line_capacity);
    if (given.size () == command_line_capacity)
        return { "command line", "longer than 1023 characters" };
    auto const options = without_image_name (given, loader);
    for (std::size_t i = 0; i < options.size (); ++i)
        buffer[i] = options[i];
    line = { buffer, options.size () };
    return success;
}

MemoryReport Loader::memory (bool use_map) const
{
    MemoryReport report;
    report.has_sizes = has (multiboot::info_memory);
    report.lower_kb = info_.memory_lower;
    report.upper_kb = info_.memory_upper;
    report.has_map = use_map && has (multiboot::info_memory_map);
    if (report.has_map)
        report.map = bytes_at ({ info_.memory_map, info_.memory_map + info_.memory_map_length });
    return report;
}

Failure Loader::modules (MemoryMap const& memory, ModuleList& modules, Range& bundle) const
{
    bundle = {};
    if (!has (multiboot::info_modules) || info_.modules_count == 0)
        return { "modules", "the loader has loaded none" };
    auto const* const table = reinterpret_cast<multiboot::Module const*> (info_.modules);
    for (Word i = 0; i < info_.modules_count; ++i) {
        Range const place { table[i].begin, table[i].end };
        auto const text = table[i].string == 0
                              ? std::string_view {}
                              : text_at (table[i].string, ModuleList::text_capacity + 1);
        if (auto const failure = check_place ({ without_directories (text), place }, memory))
            return failure;
        if (info_.modules_count == 1 && cpio::is_archive (bytes_at (place))) {
            bundle = place;
            return modules.add_bundle ("bundle", bundle);
        }
        if (auto const failure = modules.add (text, place))
            return failure;
    }
    return success;
}

}  // namespace boot
