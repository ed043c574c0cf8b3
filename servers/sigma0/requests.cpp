// SPDX-License-Identifier: BSD-2-Clause
#include "requests.hpp"

namespace sigma0 {

namespace {

using Owners = MemoryOwners;

/// The ranges that are nobody's to ask for.
std::array<l4::MemoryRange, 4> reserved_ranges (l4::KernelInfoPage const& kip)
{
    return { kip.classic.reserved0, kip.classic.reserved1,
             l4::MemoryRange { kip.sigma0.begin, kip.sigma0.end },
             l4::MemoryRange { kip.sigma1.begin, kip.sigma1.end } };
}

/// The root task's from the start: its image and the boot modules.
std::array<l4::MemoryRange, 5> root_ranges (l4::KernelInfoPage const& kip)
{
    auto const& dedicated = kip.classic.dedicated;
    return { l4::MemoryRange { kip.root.begin, kip.root.end }, dedicated[0], dedicated[1],
             dedicated[2], dedicated[3] };
}

constexpr Address page_down (Address address) { return address & ~(l4::page_size - 1); }

/// If `range` meets the candidate [low, high), where a candidate below it would have to end.
void step_below (l4::MemoryRange range, Address low, Address& high, bool& moved)
{
    if (range.is_empty () || range.low >= high || range.high <= low)
        return;
    high = page_down (range.low);
    moved = true;
}

}  // namespace

l4::MemoryRange find_table (l4::KernelInfoPage const& kip, Word bytes)
{
    Word const size = page_down (bytes + l4::page_size - 1);
    l4::MemoryRange const main = kip.classic.main;
    Address high = page_down (main.high < memory_limit ? main.high : memory_limit);
    for (;;) {
        if (high < size || high - size < main.low || high == size)
            return { 0, 0 };
        bool moved = false;
        Address const low = high - size;
        step_below (kip.classic.semi_reserved, low, high, moved);
        for (auto const& range : reserved_ranges (kip))
            step_below (range, low, high, moved);
        for (auto const& range : root_ranges (kip))
            step_below (range, low, high, moved);
        if (!moved)
            return { low, high };
    }
}

void Requests::start (l4::KernelInfoPage const& kip, Address kip_address,
                      std::span<MemoryOwners::Owner> table, l4::MemoryRange table_range)
{
    memory_ = MemoryOwners { table };
    kip_address_ = kip_address;
    memory_end_ = kip.classic.main.high;

    // Later ranges overrule earlier ones: nothing may uncover the kernel.
    memory_.set (kip.classic.main, Owners::free_memory);
    memory_.set (kip.classic.semi_reserved, Owners::free_device);
    for (auto const& range : root_ranges (kip))
        memory_.set (range, l4::root_task);
    for (auto const& range : reserved_ranges (kip))
        memory_.set (range, Owners::unavailable);
    memory_.set (table_range, Owners::unavailable);
    // The BIOS' data is not memory, and a null pointer should fault.
    memory_.set ({ 0, l4::page_size }, Owners::unavailable);
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
    if (w0 < memory_limit && (w0 & 1) != 0)
        return request.w1 == w1_superpage ? superpage_or_page (task, w0) : Answer::no ();
    if (w0 < memory_limit)
        return page (task, w0);
    if (w0 < l4::user_limit && (w0 & 1) == 0)
        return device (task, w0 + device_offset, l4::superpage_bits);
    return Answer::no ();
}

Answer Requests::later_request (Word task, rt::Words request)
{
    using namespace l4::sigma0;
    // Not as an Fpage: a device may lie where the word looks like one of ports.
    Address const address = page_down (request.w1);
    unsigned const log2_size = (request.w1 >> 2) & 0x3F;
    bool const large = log2_size >= l4::superpage_bits;
    if (request.w0 == later_kernel_info_page)
        return kernel_info_page ();
    if (log2_size < l4::page_bits)
        return Answer::no ();
    switch (request.w0) {
    case later_memory: return large ? superpage (task, address) : page (task, address);
    case later_device_uncached:
    case later_device:
        return device (task, address, large ? l4::superpage_bits : l4::page_bits);
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
        return device (task, address, l4::superpage_bits);
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

/// Above the RAM, 4 KB or 4 MB of a block that is the task's as a whole. What lies from 80000000h
/// up goes by names 1 GB below; what lies between has no name.
Answer Requests::device (Word task, Address physical, unsigned log2_size)
{
    using namespace l4::sigma0;
    Address const base = physical & ~l4::Fpage::low_mask (log2_size);
    if (base < memory_end_)
        return log2_size == l4::page_bits && memory_.claim_device_page (task, base)
                   ? Answer::mapping (base, l4::Fpage::memory (base, log2_size))
                   : Answer::no ();
    bool const has_own_name = base < device_window;
    if ((!has_own_name && base < device_window + device_offset) || !blocks_.claim (task, base))
        return Answer::no ();
    Address const name = has_own_name ? base : base - device_offset;
    return Answer::mapping (name, l4::Fpage::memory (name, log2_size));
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
