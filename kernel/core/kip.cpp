// SPDX-License-Identifier: BSD-2-Clause
#include <core/kip.hpp>

#include <l4/fpage.hpp>
#include <lib/align.hpp>

namespace kernel {

using l4::Address;
using l4::KernelInfoPage;
using l4::MemoryDescriptor;
using l4::MemoryRange;
using l4::Word;

[[gnu::section (".kip"), gnu::used]] alignas (l4::KernelInfoPage) l4::KernelInfoPage kip {
    .magic = KernelInfoPage::magic_value,
    .version = l4::kip_version_2007,
    .strings_16 = KernelInfoPage::strings_offset / 16,
    .reserved_09 = {},
    .system_call_stubs = 0,
    .reserved_10 = {},
    .sigma0 = {},
    .sigma1 = {},
    .root = {},
    .configuration = 0,
    .memory_info = KernelInfoPage::descriptors_offset << 16 | KernelInfoPage::descriptors_capacity,
    .form_2007 = {},
    .clock = 0,
    .reserved_a8 = {},
    .processor_frequency = 0,
    .bus_frequency = 0,
    .reserved_b8 = {},
    .user_ptr = 0,
    .reserved_e4 = {},
    .descriptors = {},
    .kernel_memory = 0,
    .free_kernel_memory = 0,
    .reserved_2a8 = {},
    .strings = {},
};

namespace info_page {

namespace {

using Type = MemoryDescriptor::Type;

constexpr Address adapter_end = 0x100000;

unsigned strings_used;

Word descriptor_count ()
{
    Word const n = kip.memory_info & 0xFFFF;
    return n < KernelInfoPage::descriptors_capacity ? n : KernelInfoPage::descriptors_capacity;
}

struct Descriptors {
    [[nodiscard]] MemoryDescriptor const* begin () const { return kip.descriptors; }
    [[nodiscard]] MemoryDescriptor const* end () const
    {
        return kip.descriptors + descriptor_count ();
    }
};

bool is_ram (MemoryDescriptor const& d)
{
    return d.type () == Type::conventional && !d.is_virtual ();
}

bool is_used (MemoryDescriptor const& d)
{
    return d.type () != Type::conventional && d.type () != Type::undefined && !d.is_virtual ();
}

/// The first used region that touches `range`; null if there is none.
MemoryDescriptor const* used_region_in (MemoryRange range)
{
    for (MemoryDescriptor const& d : Descriptors {})
        if (is_used (d) && d.begin () < range.high && d.end () - 1 >= range.low)
            return &d;
    return nullptr;
}

/// The highest free place of `size` bytes in `ram`.
MemoryRange find_free_in (MemoryRange ram, Word size)
{
    while (ram.high >= size && ram.high - size >= ram.low) {
        MemoryRange const candidate { ram.high - size, ram.high };
        MemoryDescriptor const* const obstacle = used_region_in (candidate);
        if (obstacle == nullptr)
            return candidate;
        ram.high = lib::align_down (obstacle->begin (), l4::page_size);
    }
    return {};
}

/// The root task's modules, as few ranges as possible; what does not fit is lost to the root
/// task, which then says that a module is missing.
void list_dedicated (l4::ClassicMemory& memory)
{
    unsigned n = 0;
    for (MemoryDescriptor const& d : Descriptors {}) {
        bool const root_image = d.begin () >= kip.root.begin && d.begin () < kip.root.end;
        if (d.type () != Type::boot_loader || root_image)
            continue;
        MemoryRange const range { lib::align_down (d.begin (), l4::page_size),
                                  lib::align_up (d.end (), l4::page_size) };
        if (n > 0 && memory.dedicated[n - 1].high == range.low)
            memory.dedicated[n - 1].high = range.high;
        else if (n < 4)
            memory.dedicated[n++] = range;
    }
}

/// RAM as one range, with the adapter area as its only hole: up to the first other one.
void describe_ram (l4::ClassicMemory& memory)
{
    Address low_end = 0;
    for (MemoryDescriptor const& d : Descriptors {}) {
        if (!is_ram (d))
            continue;
        if (d.begin () < adapter_end)
            low_end = lib::align_down (d.end (), l4::page_size);
        else if (d.begin () == adapter_end)
            memory.main.high = lib::align_down (d.end (), l4::page_size);
    }
    for (bool grown = true; grown;) {
        grown = false;
        for (MemoryDescriptor const& d : Descriptors {})
            if (is_ram (d) && d.begin () <= memory.main.high && d.end () > memory.main.high) {
                memory.main.high = lib::align_down (d.end (), l4::page_size);
                grown = true;
            }
    }
    memory.main.low = l4::page_size;            // page 0 is the BIOS's
    memory.semi_reserved = { low_end, adapter_end };
}

}  // namespace

l4::MemoryRange find_free (Word size, Address limit)
{
    MemoryRange best {};
    for (MemoryDescriptor const& d : Descriptors {}) {
        if (!is_ram (d))
            continue;
        MemoryRange const ram { lib::align_up (d.begin (), l4::page_size),
                                lib::align_down (d.end () < limit ? d.end () : limit,
                                                 l4::page_size) };
        MemoryRange const found = find_free_in (ram, size);
        if (found.high > best.high)
            best = found;
    }
    return best;
}

Word total_ram ()
{
    Word total = 0;
    for (MemoryDescriptor const& d : Descriptors {})
        if (is_ram (d))
            total += d.end () - d.begin ();
    return total;
}

void publish_classic (MemoryRange image, MemoryRange pool)
{
    l4::ClassicMemory memory {};
    describe_ram (memory);
    memory.reserved0 = image;
    memory.reserved1 = pool;
    list_dedicated (memory);
    kip.classic = memory;
    kip.version = l4::kip_version_classic;
    kip.configuration = 0;
    kip.memory_info = 0;
}

void publish_2007 (MemoryRange pool)
{
    kip.form_2007.total_ram = total_ram ();
    Word const count = descriptor_count ();
    if (count < KernelInfoPage::descriptors_capacity) {
        kip.descriptors[count] = { Type::reserved, pool.low, pool.high };
        ++kip.memory_info;
        return;
    }
    // The loader has left no room: the RAM ends where the pool begins. What lies behind is lost.
    for (MemoryDescriptor& d : kip.descriptors)
        if (is_ram (d) && pool.low >= d.begin () && pool.low < d.end ())
            d = { Type::conventional, d.begin (), pool.low };
}

void add_string (std::string_view text)
{
    // The last byte stays zero, so that the list always ends.
    if (strings_used + text.size () + 2 > sizeof kip.strings)
        return;
    for (char c : text)
        kip.strings[strings_used++] = c;
    kip.strings[strings_used++] = '\0';
}

}  // namespace info_page

}  // namespace kernel
