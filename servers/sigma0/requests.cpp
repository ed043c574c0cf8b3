// SPDX-License-Identifier: BSD-2-Clause
#include "requests.hpp"

namespace sigma0 {

namespace {

using Owners = MemoryOwners;

constexpr Address page_down (Address address) { return address & ~(l4::page_size - 1); }

}  // namespace

void Requests::start (MemoryMap const& map, Address kip_address,
                      std::span<MemoryOwners::Owner> table, l4::MemoryRange table_range)
{
    memory_ = MemoryOwners { table };
    kip_address_ = kip_address;
    memory_end_ = map.ram_end ();
    memory_limit_ = map.limit ();
    names_are_physical_ = map.names_are_physical ();
    for (auto const& region : map.regions ())
        memory_.set (region.range, region.owner);
    memory_.set (table_range, Owners::unavailable);
}

Answer Requests::answer (Word task, rt::Words request)
{
    using namespace l4::sigma0;
    constexpr Word write_bit = 2;
    constexpr Word later_requests = 0xFFFFFF00;
    Word const w0 = request.w0;
    if ((w0 & ~write_bit) == any_page)
        return any (task, l4::page_bits);
    if (w0 >= later_requests)
        return later_request (task, request);
    if (w0 == extended)
        return (request.w1 & 0xFF) == w1_kernel_info_page ? kernel_info_page () : Answer::no ();
    if (l4::Fpage { w0 }.is_io ())
        return ports (task, w0);
    if (w0 < memory_limit_ && (w0 & 1) != 0)
        return request.w1 == w1_superpage ? superpage_or_page (task, w0) : Answer::no ();
    if (w0 < memory_limit_)
        return page (task, w0);
    if (w0 < l4::user_limit && (w0 & 1) == 0)   // only in the classic form: the device window
        return device (task, w0 + device_offset, l4::superpage_bits, Caching::off);
    return Answer::no ();
}

Answer Requests::later_request (Word task, rt::Words request)
{
    using namespace l4::sigma0;
    // Not as an Fpage: a device may lie where the word looks like one of ports.
    Address const address = page_down (request.w1);
    unsigned const log2_size = (request.w1 >> 2) & 0x3F;
    bool const large = log2_size >= l4::superpage_bits;
    unsigned const log2_page = large ? l4::superpage_bits : l4::page_bits;
    if (request.w0 == later_kernel_info_page)
        return kernel_info_page ();
    if (log2_size < l4::page_bits)
        return Answer::no ();
    switch (request.w0) {
    case later_memory: return large ? superpage (task, address) : page (task, address);
    case later_device_uncached: return device (task, address, log2_page, Caching::off);
    case later_device: return device (task, address, log2_page, Caching::on);
    case later_any: return any (task, log2_size);
    default: return Answer::no ();
    }
}

Answer Requests::kernel_info_page () const
{
    return Answer::mapping (kip_address_, l4::Fpage::memory (kip_address_, l4::page_bits,
                                                             l4::Access::read_only));
}

Answer Requests::page (Word task, Address address)
{
    if (!memory_.claim_page (task, address))
        return Answer::no ();
    return Answer::mapping (page_down (address), l4::Fpage::memory (address, l4::page_bits));
}

Answer Requests::superpage (Word task, Address address)
{
    Address const base = address & ~(l4::superpage_size - 1);
    if (!memory_.claim_superpage (task, base))
        return Answer::no ();
    // The 4 KB pages of it that the task has already would keep the large page out.
    auto const whole = l4::Fpage::memory (base, l4::superpage_bits);
    Answer answer = Answer::mapping (base, whole);
    answer.take_back = whole;
    return answer;
}

Answer Requests::superpage_or_page (Word task, Address address)
{
    if (address >= memory_end_)
        return device (task, address, l4::superpage_bits, Caching::on);
    Answer const whole = superpage (task, address);
    return whole.kind == Answer::Kind::mapping ? whole : page (task, address);
}

Answer Requests::any (Word task, unsigned log2_size)
{
    if (log2_size != l4::page_bits && log2_size != l4::superpage_bits)
        return Answer::no ();
    Address const address = log2_size == l4::page_bits ? memory_.claim_any_page (task)
                                                       : memory_.claim_any_superpage (task);
    return address == 0 ? Answer::no ()
                        : Answer::mapping (address, l4::Fpage::memory (address, log2_size));
}

/// Above the RAM, 4 KB or 4 MB of a block that is the task's as a whole.
Answer Requests::device (Word task, Address physical, unsigned log2_size, Caching caching)
{
    Address const base = physical & ~l4::Fpage::low_mask (log2_size);
    if (base < memory_end_)
        return log2_size == l4::page_bits && memory_.claim_device_page (task, base)
                   ? Answer::mapping (base, l4::Fpage::memory (base, log2_size))
                   : Answer::no ();
    if (names_are_physical_)
        return blocks_.claim (task, base)
                   ? Answer::mapping (base, physical_fpage (base, log2_size, caching))
                   : Answer::no ();
    return windowed_device (task, base, log2_size);
}

/// In the classic form what lies from 80000000h up goes by names 1 GB below, always uncached, and
/// what lies between has no name.
Answer Requests::windowed_device (Word task, Address base, unsigned log2_size)
{
    using namespace l4::sigma0;
    bool const has_own_name = base < device_window;
    if ((!has_own_name && base < device_window + device_offset) || !blocks_.claim (task, base))
        return Answer::no ();
    Address const name = has_own_name ? base : base - device_offset;
    return Answer::mapping (name, l4::Fpage::memory (name, log2_size));
}

/// What the kernel takes from sigma0 as memory, also where an fpage looks like one of ports.
l4::Fpage Requests::physical_fpage (Address base, unsigned log2_size, Caching caching)
{
    Word const plain = l4::Fpage::memory (base, log2_size).raw ();
    return l4::Fpage { caching == Caching::off ? plain | l4::sigma0::attribute_uncached : plain };
}

Answer Requests::ports (Word task, Word w0)
{
    constexpr Word must_be_zero = 0xF00;
    l4::Fpage const asked { w0 };
    if ((w0 & must_be_zero) != 0)
        return Answer::no ();
    auto const granted = l4::Fpage::io (asked.port (), asked.log2_size ());
    if (!ports_.claim (task, granted))
        return Answer::no ();
    return Answer::mapping (0, granted);
}

}  // namespace sigma0
