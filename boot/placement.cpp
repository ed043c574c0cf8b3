// SPDX-License-Identifier: BSD-2-Clause
#include "placement.hpp"

namespace boot {

namespace {

constexpr char const* fragmented = "memory is too fragmented";

Range common (Range a, Range b)
{
    return { a.begin > b.begin ? a.begin : b.begin, a.end < b.end ? a.end : b.end };
}

/// Behind boot if possible: the memory between 1 MB and boot is for kernel, sigma0 and root task
/// to be in one piece; what lies below 1 MB is precious to old devices.
std::optional<Address> find_room (RangeSet const& free, Word size, Range boot)
{
    for (Address const lowest : { page_up (boot.end), adapter_end, Address { 0 } })
        if (auto const at = free.fit (size, lowest))
            return at;
    return std::nullopt;
}

/// More than a set can hold counts as more than anybody allows.
std::size_t count_regions (std::span<Block const> blocks)
{
    RangeSet regions;
    for (Block const& block : blocks)
        if (!regions.add (pages_around (block.at ())))
            return RangeSet::capacity + 1;
    return regions.size ();
}

}  // namespace

Failure Placement::add_target (std::string_view name, Range pages)
{
    for (std::size_t i = 0; i < target_count_; ++i)
        if (targets_[i].pages.overlaps (pages))
            return { name, "overlaps", targets_[i].name, common (targets_[i].pages, pages) };
    if (boot_.overlaps (pages))
        return { name, "overlaps", "boot", common (boot_, pages) };
    if (!memory_.usable.contains (pages))
        return { name, "no memory", {}, pages };
    targets_[target_count_++] = { name, pages };
    return success;
}

Failure Placement::check_source (std::span<Block const> blocks, std::size_t index) const
{
    Block const& block = blocks[index];
    if (boot_.overlaps (block.from))
        return { block.name, "overlaps", "boot", common (boot_, block.from) };
    for (std::size_t i = 0; i < index; ++i)
        if (blocks[i].from.overlaps (block.from))
            return { block.name, "overlaps", blocks[i].name, common (blocks[i].from, block.from) };
    return success;
}

bool Placement::may_stay (Block const& block) const
{
    for (std::size_t i = 0; i < target_count_; ++i)
        if (targets_[i].pages.overlaps (pages_around (block.from)))
            return false;
    return lib::is_aligned (block.from.begin, page_size)
           && memory_.usable.contains (pages_around (block.from));
}

bool Placement::free_memory (std::span<Block const> blocks, Block const* except,
                             RangeSet& free) const
{
    free = memory_.usable;
    bool fits = free.remove (pages_around (boot_));
    for (std::size_t i = 0; i < target_count_; ++i)
        fits = fits && free.remove (targets_[i].pages);
    for (Block const& block : blocks)
        if (&block != except)
            fits = fits && free.remove (pages_around (block.at ()));
    return fits;
}

Failure Placement::move_away (std::span<Block const> blocks, Block& block) const
{
    RangeSet free;
    if (!free_memory (blocks, &block, free))
        return { block.name, fragmented };
    auto const place = find_room (free, page_up (block.from.size ()), boot_);
    if (!place)
        return { block.name, "too little memory to move it away; it lies", {}, block.from };
    block.to = *place;
    return success;
}

Failure Placement::gather (std::span<Block> blocks) const
{
    Word total = 0;
    for (Block& block : blocks) {
        block.to = block.from.begin;
        total += page_up (block.from.size ());
    }
    RangeSet free;
    if (!free_memory (blocks, nullptr, free))
        return { "modules", fragmented };
    auto const place = find_room (free, total, boot_);
    if (!place)
        return { "modules", "too scattered, and too little memory to gather them" };
    Address at = *place;
    for (Block& block : blocks) {
        block.to = at;
        at += page_up (block.from.size ());
    }
    return success;
}

Failure Placement::place_blocks (std::span<Block> blocks)
{
    for (std::size_t i = 0; i < blocks.size (); ++i) {
        blocks[i].to = blocks[i].from.begin;
        if (auto const failure = check_source (blocks, i))
            return failure;
    }
    for (Block& block : blocks)
        if (!may_stay (block))
            if (auto const failure = move_away (blocks, block))
                return failure;
    return count_regions (blocks) <= max_regions ? success : gather (blocks);
}

Failure Placement::place_info (std::span<Block const> blocks, Word size, Range& place) const
{
    RangeSet free;
    if (!free_memory (blocks, nullptr, free))
        return { "modules", fragmented };
    Word const pages = page_up (size);
    Address const behind = blocks.empty () ? 0 : page_up (blocks.back ().at ().end);
    if (free.contains ({ behind, behind + pages }) && behind != 0) {
        place = { behind, behind + pages };
        return success;
    }
    auto const at = find_room (free, pages, boot_);
    if (!at)
        return { "modules", "too little memory to describe them" };
    place = { *at, *at + pages };
    return success;
}

}  // namespace boot
