// SPDX-License-Identifier: BSD-2-Clause
#include "memory_map.hpp"

#include <algorithm>

#include <l4/thread_id.hpp>

namespace sigma0 {

namespace {

using Owner = MemoryOwners;
using Type = l4::MemoryDescriptor::Type;

constexpr Address page_down (Address address) { return address & ~(l4::page_size - 1); }

std::span<l4::MemoryDescriptor const> descriptors (l4::KernelInfoPage const& kip)
{
    std::size_t const count = kip.memory_info & 0xFFFF;
    return { kip.descriptors, std::min<std::size_t> (count, std::size (kip.descriptors)) };
}

/// Owner of what a descriptor covers.
MemoryOwners::Owner owner_of (Type type)
{
    switch (type) {
    case Type::conventional: return Owner::free_memory;
    case Type::boot_loader: return l4::root_task;
    case Type::dedicated:
    case Type::shared:
    case Type::architecture: return Owner::free_device;
    default: return Owner::unavailable;
    }
}

}  // namespace

MemoryMap::MemoryMap (l4::KernelInfoPage const& kip)
    : limit_ { kip.version == l4::kip_version_classic ? l4::sigma0::device_window : l4::user_limit }
{
    l4::MemoryRange const root { kip.root.begin, kip.root.end };
    if (kip.version == l4::kip_version_classic)
        add_classic (kip.classic, root);
    else
        add_descriptors (kip, root);
    add ({ kip.sigma0.begin, kip.sigma0.end }, Owner::unavailable);
    add ({ kip.sigma1.begin, kip.sigma1.end }, Owner::unavailable);
    // The BIOS' data is not memory, and a null pointer should fault.
    add ({ 0, l4::page_size }, Owner::unavailable);
}

void MemoryMap::add (l4::MemoryRange range, MemoryOwners::Owner owner)
{
    if (!range.is_empty () && count_ < capacity)
        regions_[count_++] = { range, owner };
}

void MemoryMap::add_classic (l4::ClassicMemory const& memory, l4::MemoryRange root)
{
    add (memory.main, Owner::free_memory);
    add (memory.semi_reserved, Owner::free_device);
    add (root, l4::root_task);
    for (auto const& range : memory.dedicated)
        add (range, l4::root_task);
    add (memory.reserved0, Owner::unavailable);
    add (memory.reserved1, Owner::unavailable);
}

/// Descriptors may overlap: RAM is what nothing else covers, and the kernel's word counts most.
void MemoryMap::add_descriptors (l4::KernelInfoPage const& kip, l4::MemoryRange root)
{
    add_descriptors_of (kip, Owner::free_memory);
    add_descriptors_of (kip, Owner::free_device);
    add (root, l4::root_task);
    add_descriptors_of (kip, l4::root_task);
    add_descriptors_of (kip, Owner::unavailable);
}

void MemoryMap::add_descriptors_of (l4::KernelInfoPage const& kip, MemoryOwners::Owner owner)
{
    for (auto const& d : descriptors (kip)) {
        if (d.is_virtual () || d.type () == Type::undefined || owner_of (d.type ()) != owner)
            continue;
        // Nothing from the limit on has an owner; an end of 0 is that of the address space.
        Address const end = d.end () - 1 < limit_ ? d.end () : limit_;
        if (owner == Owner::free_memory)        // only in whole pages
            add ({ page_down (d.begin () + l4::page_size - 1), page_down (end) }, owner);
        else
            add ({ d.begin (), end }, owner);
    }
}

Address MemoryMap::ram_end () const
{
    Address end = 0;
    for (Region const& region : regions ())
        if (region.owner == Owner::free_memory)
            end = std::max (end, region.range.high);
    return end;
}

l4::MemoryRange MemoryMap::find_free (Word bytes) const
{
    Word const size = page_down (bytes + l4::page_size - 1);
    l4::MemoryRange best {};
    for (Region const& region : regions ()) {
        if (region.owner != Owner::free_memory)
            continue;
        l4::MemoryRange const found
            = find_free_in ({ region.range.low, std::min (region.range.high, limit_) }, size);
        if (found.high > best.high)
            best = found;
    }
    return best;
}

/// Steps down from the end of `ram`, below whatever is in the way.
l4::MemoryRange MemoryMap::find_free_in (l4::MemoryRange ram, Word size) const
{
    Address high = page_down (ram.high);
    while (high >= size && high - size >= ram.low) {
        l4::MemoryRange const candidate { high - size, high };
        auto const obstacle = std::find_if (
            regions ().begin (), regions ().end (), [&] (Region const& region) {
                return region.owner != Owner::free_memory && region.range.low < candidate.high
                       && region.range.high > candidate.low;
            });
        if (obstacle == regions ().end ())
            return candidate;
        high = page_down (obstacle->range.low);
    }
    return {};
}

}  // namespace sigma0
