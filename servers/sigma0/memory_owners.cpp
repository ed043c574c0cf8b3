// SPDX-License-Identifier: BSD-2-Clause
#include "memory_owners.hpp"

namespace sigma0 {

namespace {

constexpr std::size_t superpage_frames = l4::superpage_size / l4::page_size;

}  // namespace

MemoryOwners::MemoryOwners (std::span<Owner> table)
    : owners_ { table }, search_from_ { table.size () }
{
    for (Owner& owner : owners_)
        owner = unavailable;
}

void MemoryOwners::set (l4::MemoryRange range, Owner owner)
{
    if (range.is_empty ())
        return;
    std::size_t const last = (range.high - 1) / l4::page_size;
    for (std::size_t frame = range.low / l4::page_size; frame <= last; ++frame) {
        if (frame >= owners_.size ())
            return;
        owners_[frame] = owner;
    }
}

bool MemoryOwners::may_have (Word task, std::size_t frame) const
{
    if (frame >= owners_.size ())
        return false;
    Owner const owner = owners_[frame];
    return owner == free_memory || owner == free_device || owner == task;
}

bool MemoryOwners::claim_page (Word task, Address address)
{
    std::size_t const frame = address / l4::page_size;
    if (!may_have (task, frame))
        return false;
    owners_[frame] = static_cast<Owner> (task);
    return true;
}

bool MemoryOwners::claim_superpage (Word task, Address address)
{
    std::size_t const first = address / l4::superpage_size * superpage_frames;
    for (std::size_t i = 0; i < superpage_frames; ++i)
        if (!may_have (task, first + i))
            return false;
    give_superpage (task, first);
    return true;
}

void MemoryOwners::give_superpage (Word task, std::size_t first_frame)
{
    for (std::size_t i = 0; i < superpage_frames; ++i)
        owners_[first_frame + i] = static_cast<Owner> (task);
}

bool MemoryOwners::claim_device_page (Word task, Address address)
{
    std::size_t const frame = address / l4::page_size;
    return may_have (task, frame) && owners_[frame] != free_memory && claim_page (task, address);
}

Address MemoryOwners::claim_any_page (Word task)
{
    // Frames never become free again: the search goes on where it ended.
    while (search_from_ > 0) {
        std::size_t const frame = --search_from_;
        if (owners_[frame] != free_memory)
            continue;
        owners_[frame] = static_cast<Owner> (task);
        return frame * l4::page_size;
    }
    return 0;
}

Address MemoryOwners::claim_any_superpage (Word task)
{
    // The first 4 MB hold the kernel and are never free: address 0 means failure.
    for (std::size_t block = owners_.size () / superpage_frames; block-- > 1;) {
        auto const frames = owners_.subspan (block * superpage_frames, superpage_frames);
        bool free = true;
        for (Owner const owner : frames)
            free = free && owner == free_memory;
        if (!free)
            continue;
        give_superpage (task, block * superpage_frames);
        return block * l4::superpage_size;
    }
    return 0;
}

}  // namespace sigma0
