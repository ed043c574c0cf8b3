// SPDX-License-Identifier: BSD-2-Clause
#include "memory_map.hpp"

#include <cstring>

#include <l4/multiboot.hpp>

namespace boot {

namespace {

using l4::multiboot::MemoryMapEntry;

constexpr Word type_ram = 1;
constexpr char const* too_many = "the memory map has too many regions; try nommap";

/// Entries of a Multiboot memory map, each of which says how long it is.
class Entries {
public:
    explicit Entries (std::span<std::byte const> rest) : rest_ { rest } {}

    [[nodiscard]] bool at_end () const { return rest_.empty (); }

    /// Takes the next entry. @return false if it is damaged
    [[nodiscard]] bool take (MemoryMapEntry& entry)
    {
        if (rest_.size () < sizeof entry)
            return false;
        std::memcpy (&entry, rest_.data (), sizeof entry);
        if (entry.size < sizeof entry - sizeof entry.size
            || entry.size > rest_.size () - sizeof entry.size)
            return false;
        rest_ = { rest_.data () + sizeof entry.size + entry.size,
                  rest_.size () - sizeof entry.size - entry.size };
        return entry.base + entry.length >= entry.base;
    }

private:
    std::span<std::byte const> rest_;
};

/// The part of an entry that lies in [from, to), which is below 4 GB.
Range clip (MemoryMapEntry const& entry, Address from, Address to)
{
    std::uint64_t const entry_end = entry.base + entry.length;
    std::uint64_t const begin = entry.base > from ? entry.base : from;
    std::uint64_t const end = entry_end < to ? entry_end : to;
    if (begin >= end)
        return {};
    return { static_cast<Address> (begin), static_cast<Address> (end) };
}

char const* add_ram (MemoryReport const& report, MemoryMap& map)
{
    MemoryMapEntry entry;
    for (Entries entries { report.map }; !entries.at_end ();) {
        if (!entries.take (entry))
            return "the loader's memory map is damaged; try nommap";
        if (entry.type != type_ram)
            continue;
        if (!map.ram.add (pages_inside (clip (entry, 0, last_page))))
            return too_many;
        std::uint64_t const end = entry.base + entry.length;
        if (end > usable_limit)
            map.dropped += end - (entry.base > usable_limit ? entry.base : usable_limit);
    }
    return nullptr;
}

char const* remove_other (MemoryReport const& report, MemoryMap& map)
{
    MemoryMapEntry entry;
    for (Entries entries { report.map }; !entries.at_end () && entries.take (entry);)
        if (entry.type != type_ram
            && !map.ram.remove (pages_around (clip (entry, 0, last_page))))
            return too_many;
    return nullptr;
}

/// @return nullptr; few ranges always fit
char const* use_sizes (MemoryReport const& report, MemoryMap& map)
{
    MemoryMapEntry const lower { 20, 0, std::uint64_t { report.lower_kb } * 1024, type_ram };
    MemoryMapEntry const upper { 20, adapter_end, std::uint64_t { report.upper_kb } * 1024,
                                 type_ram };
    bool const fits = map.ram.add (pages_inside (clip (lower, 0, adapter_begin)))
                      && map.ram.add (pages_inside (clip (upper, 0, last_page)));
    if (upper.base + upper.length > usable_limit)
        map.dropped = upper.base + upper.length - usable_limit;
    return fits ? nullptr : too_many;
}

}  // namespace

char const* read_memory_map (MemoryReport const& report, MemoryMap& map)
{
    map = MemoryMap {};
    if (!report.has_map && !report.has_sizes)
        return "the loader does not say how much memory there is";
    char const* problem = nullptr;
    if (report.has_map) {
        map.from_bios = true;
        problem = add_ram (report, map);
        if (problem == nullptr)
            problem = remove_other (report, map);
    } else {
        problem = use_sizes (report, map);
    }
    if (problem != nullptr)
        return problem;

    map.usable = map.ram;
    bool const fits = map.usable.remove ({ 0, page_size })
                      && map.usable.remove ({ adapter_begin, adapter_end })
                      && map.usable.remove ({ usable_limit, last_page });
    return fits ? nullptr : too_many;
}

}  // namespace boot
