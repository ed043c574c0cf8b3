// SPDX-License-Identifier: BSD-2-Clause
#include "info_page.hpp"

#include <cstring>

namespace boot {

namespace {

using l4::KernelInfoPage;
using l4::MemoryDescriptor;
using Type = MemoryDescriptor::Type;

constexpr Word major_version_2 = 2;
constexpr std::size_t fixed_regions = 4;        ///< adapter area, kernel, sigma0, root

Word word_at (std::span<std::byte const> bytes, std::size_t offset)
{
    Word word;
    std::memcpy (&word, bytes.data () + offset, sizeof word);
    return word;
}

char const* read_slot (std::span<std::byte const> page, InfoPageSlot& slot)
{
    if (word_at (page, offsetof (KernelInfoPage, version)) >> 24 != major_version_2)
        return "not a kernel for L4 version 2";
    Word const memory_info = word_at (page, offsetof (KernelInfoPage, memory_info));
    slot.descriptors_offset = memory_info >> 16;
    slot.descriptors = memory_info & 0xFFFF;
    std::size_t const last = slot.descriptors_offset
                             + slot.descriptors * sizeof (MemoryDescriptor);
    if (slot.descriptors <= fixed_regions || slot.descriptors_offset < sizeof (Word) * 64
        || slot.descriptors_offset % sizeof (Word) != 0 || last > page_size)
        return "kernel info page without room for memory descriptors";
    return nullptr;
}

/// Makes a set have at most `limit` ranges by giving up the smallest.
Word drop_smallest (RangeSet& set, std::size_t limit)
{
    Word dropped = 0;
    while (set.size () > limit) {
        Range smallest = *set.begin ();
        for (Range const& r : set)
            if (r.size () < smallest.size ())
                smallest = r;
        dropped += smallest.size ();
        if (!set.remove (smallest))     // removing a whole range always works
            break;
    }
    return dropped;
}

}  // namespace

char const* find_info_page (Elf32 const& kernel, InfoPageSlot& slot)
{
    for (auto const& segment : kernel.segments ()) {
        Address const first = page_up (segment.physical.begin);
        for (std::size_t offset = first - segment.physical.begin;
             offset + page_size <= segment.bytes.size (); offset += page_size) {
            if (word_at (segment.bytes, offset) != KernelInfoPage::magic_value)
                continue;
            slot.at = segment.physical.begin + static_cast<Word> (offset);
            return read_slot ({ segment.bytes.data () + offset, page_size }, slot);
        }
    }
    return "no kernel info page";
}

Failure describe_memory (MemoryUse const& use, std::span<MemoryDescriptor> table,
                         std::size_t& count, Word& omitted)
{
    std::size_t const needed = fixed_regions + use.modules.size ();
    if (needed >= table.size ())
        return too_scattered;
    RangeSet conventional = *use.usable;
    omitted = drop_smallest (conventional, table.size () - needed);

    count = 0;
    auto const put = [&] (Type type, Range r) {
        table[count++] = MemoryDescriptor { type, r.begin, r.end };
    };
    for (Range const& r : conventional)
        put (Type::conventional, r);
    put (Type::architecture, { adapter_begin, adapter_end });
    put (Type::reserved, use.kernel);
    put (Type::reserved, use.sigma0);
    put (Type::boot_loader, use.root);
    for (Range const& r : use.modules)
        put (Type::boot_loader, r);
    return success;
}

void fill_info_page (KernelInfoPage& page, ServerStarts const& starts, Address user_ptr,
                     Word descriptor_count)
{
    page.sigma0 = starts.sigma0;
    page.root = starts.root;
    page.user_ptr = user_ptr;
    page.memory_info = (page.memory_info & 0xFFFF0000) | descriptor_count;
}

}  // namespace boot
