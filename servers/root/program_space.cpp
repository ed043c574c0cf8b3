// SPDX-License-Identifier: BSD-2-Clause
#include "program_space.hpp"

namespace root {

namespace {

constexpr Address page_of (Address address) { return address & ~(l4::page_size - 1); }

constexpr bool is_demand_zero (Address address)
{
    using namespace rt::layout;
    return (address >= anonymous_begin && address < anonymous_end)
           || (address >= stack_begin && address < stack_end);
}

}  // namespace

static_assert (rt::layout::stack_end <= l4::superpage_size);

bool ProgramSpace::create (Frames& frames)
{
    table_ = reinterpret_cast<Word*> (frames.allocate ());
    return table_ != nullptr;
}

void ProgramSpace::destroy (Frames& frames)
{
    if (table_ == nullptr)
        return;
    for (Word i = 0; i < entries; ++i)
        if ((table_[i] & own) != 0)
            frames.free (table_[i] & frame_mask);
    frames.free (reinterpret_cast<Address> (table_));
    table_ = nullptr;
}

bool ProgramSpace::share (Address page, Address frame)
{
    Word& entry = table_[page / l4::page_size];
    if ((entry & present) != 0)
        return false;
    entry = frame | present | writable;
    return true;
}

Address ProgramSpace::frame_at (Address page, l4::Access access, Frames& frames)
{
    Word& entry = table_[page / l4::page_size];
    if ((entry & present) == 0) {
        Address const frame = frames.allocate ();
        if (frame == 0)
            return 0;
        entry = frame | own | present;
    }
    if (access == l4::Access::read_write)
        entry |= writable;
    return entry & frame_mask;
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
    if (page / l4::page_size >= entries)
        return { FaultKind::not_its_memory, page, {} };
    if ((table_[page / l4::page_size] & present) == 0) {
        if (!is_demand_zero (page))
            return { FaultKind::not_its_memory, page, {} };
        if (frame_at (page, l4::Access::read_write, frames) == 0)
            return { FaultKind::no_memory, page, {} };
    }
    Word const entry = table_[page / l4::page_size];
    bool const may_write = (entry & writable) != 0;
    if (write && !may_write)
        return { FaultKind::read_only, page, {} };
    auto const access = may_write ? l4::Access::read_write : l4::Access::read_only;
    return { FaultKind::mapped, page,
             l4::Fpage::memory (entry & frame_mask, l4::page_bits, access) };
}

}  // namespace root
