// SPDX-License-Identifier: BSD-2-Clause
#include "program_space.hpp"

namespace root {

namespace {

constexpr Address page_of (Address address) { return address & ~(l4::page_size - 1); }

constexpr bool overlap (Address begin, Address end, Address other_begin, Address other_end)
{
    return begin < other_end && other_begin < end;
}

}  // namespace

static_assert (rt::layout::stack_end <= l4::superpage_size);

bool ProgramSpace::create (Word limit, Frames& frames)
{
    *this = {};
    limit_ = limit;
    return make_entry (0, frames) != nullptr;
}

void ProgramSpace::destroy (Frames& frames)
{
    for (Table& table : tables_) {
        if (table.entries == nullptr)
            continue;
        for (Word i = 0; i < table_entries; ++i)
            if ((table.entries[i] & own) != 0)
                frames.free (table.entries[i] & frame_mask);
        frames.free (reinterpret_cast<Address> (table.entries));
    }
    abandon ();
}

void ProgramSpace::abandon ()
{
    tables_ = {};
    used_ = 0;
}

Address ProgramSpace::charge (Frames& frames)
{
    if (used_ >= limit_)
        return 0;
    Address const frame = frames.allocate ();
    if (frame != 0)
        ++used_;
    return frame;
}

Word* ProgramSpace::find_entry (Address page) const
{
    Address const begin = page & ~(l4::superpage_size - 1);
    for (Table const& table : tables_)
        if (table.entries != nullptr && table.begin == begin)
            return &table.entries[(page - begin) / l4::page_size];
    return nullptr;
}

Word* ProgramSpace::make_entry (Address page, Frames& frames)
{
    if (Word* const entry = find_entry (page); entry != nullptr)
        return entry;
    for (Table& table : tables_) {
        if (table.entries != nullptr)
            continue;
        table.begin = page & ~(l4::superpage_size - 1);
        table.entries = reinterpret_cast<Word*> (charge (frames));
        return find_entry (page);
    }
    return nullptr;
}

Address ProgramSpace::frame_at (Address page, l4::Access access, Frames& frames)
{
    Word* const entry = make_entry (page, frames);
    if (entry == nullptr)
        return 0;
    if ((*entry & present) == 0) {
        Address const frame = charge (frames);
        if (frame == 0)
            return 0;
        *entry = frame | own | present;
    }
    if (access == l4::Access::read_write)
        *entry |= writable;
    return *entry & frame_mask;
}

Address ProgramSpace::physical (Address page) const
{
    Word const* const entry = find_entry (page);
    return entry != nullptr && (*entry & present) != 0 ? *entry & frame_mask : 0;
}

bool ProgramSpace::reserve (Address begin, Address end)
{
    bool const fits = page_of (begin) == begin && page_of (end) == end && begin < end
                      && begin >= l4::superpage_size && end <= l4::user_limit;
    if (!fits)
        return false;
    Region* place = nullptr;
    for (Region& region : regions_) {
        if (overlap (begin, end, region.begin, region.end))
            return false;
        if (region.end == 0 && place == nullptr)
            place = &region;
    }
    if (place == nullptr)
        return false;
    *place = { begin, end };
    return true;
}

bool ProgramSpace::is_demand_zero (Address page) const
{
    using namespace rt::layout;
    if ((page >= anonymous_begin && page < anonymous_end)
        || (page >= stack_begin && page < stack_end))
        return true;
    for (Region const& region : regions_)
        if (page >= region.begin && page < region.end)
            return true;
    return false;
}

bool ProgramSpace::load (std::span<std::byte const> file, Executable const& executable,
                         Frames& frames)
{
    for (Segment const& segment : executable.used ())
        if (!load_segment (file, segment, frames))
            return false;
    return true;
}

bool ProgramSpace::load_segment (std::span<std::byte const> file, Segment const& segment,
                                 Frames& frames)
{
    Address const end = segment.begin + segment.memory_size;
    Address const file_end = segment.begin + segment.file_size;
    for (Address at = segment.begin; at < end; at = page_of (at) + l4::page_size) {
        Address const frame = frame_at (page_of (at), segment.access, frames);
        if (frame == 0)
            return false;
        if (at >= file_end)
            continue;
        Address const next = page_of (at) + l4::page_size;
        Word const bytes = (file_end < next ? file_end : next) - at;
        __builtin_memcpy (reinterpret_cast<std::byte*> (frame) + (at - page_of (at)),
                          file.data () + segment.file_offset + (at - segment.begin), bytes);
    }
    return true;
}

FaultAnswer ProgramSpace::resolve (Address address, bool write, Frames& frames)
{
    Address const page = page_of (address);
    Word const* entry = find_entry (page);
    if (entry == nullptr || (*entry & present) == 0) {
        if (!is_demand_zero (page))
            return { FaultKind::not_its_memory, page, {} };
        if (frame_at (page, l4::Access::read_write, frames) == 0)
            return { used_ >= limit_ ? FaultKind::limit : FaultKind::no_memory, page, {} };
        entry = find_entry (page);
    }
    bool const may_write = (*entry & writable) != 0;
    if (write && !may_write)
        return { FaultKind::read_only, page, {} };
    auto const access = may_write ? l4::Access::read_write : l4::Access::read_only;
    return { FaultKind::mapped, page,
             l4::Fpage::memory (*entry & frame_mask, l4::page_bits, access) };
}

}  // namespace root
