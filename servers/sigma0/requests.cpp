// SPDX-License-Identifier: BSD-2-Clause
#include "requests.hpp"

namespace sigma0 {

namespace {

using Owners = MemoryOwners;

constexpr Word last_kernel_task = 1;

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
    Word const w0 = request.w0;
    if (w0 == any_page)
        return free_page (task);
    if (w0 == extended && (request.w1 & 0xFF) == w1_kernel_info_page)
        return Answer::mapping (kip_address_, l4::Fpage::memory (kip_address_, l4::page_bits,
                                                                 l4::Access::read_only));
    if (w0 == extended && (request.w1 & 0xFF) == w1_kernel_pages && task <= last_kernel_task)
        return Answer::plain (memory_end_ / l4::page_size / 8);
    if (l4::Fpage { w0 }.is_io ())
        return ports (task, w0);
    if (w0 < memory_limit && (w0 & 1) != 0)
        return request.w1 == w1_superpage ? superpage (task, w0) : Answer::no ();
    if (w0 < memory_limit) {
        if (!memory_.claim_page (task, w0))
            return Answer::no ();
        return Answer::mapping (page_down (w0), l4::Fpage::memory (w0, l4::page_bits));
    }
    if (w0 < l4::user_limit && (w0 & 1) == 0)
        return device (task, w0);
    return Answer::no ();
}

Answer Requests::free_page (Word task)
{
    Address const address = memory_.claim_any_page (task);
    if (address == 0)
        return Answer::no ();
    // A kernel takes the page out of user space for good.
    auto const transfer = task <= last_kernel_task ? l4::Transfer::grant : l4::Transfer::map;
    return Answer::mapping (address, l4::Fpage::memory (address, l4::page_bits,
                                                        l4::Access::read_write, transfer));
}

Answer Requests::superpage (Word task, Address address)
{
    Address const base = address & ~(l4::superpage_size - 1);
    auto const whole = l4::Fpage::memory (base, l4::superpage_bits);
    if (base >= memory_end_)
        return blocks_.claim (task, base) ? Answer::mapping (base, whole) : Answer::no ();
    if (memory_.claim_superpage (task, base)) {
        // Its 4 KB pages that the task has already would keep the large page out.
        Answer answer = Answer::mapping (base, whole);
        answer.take_back = whole;
        return answer;
    }
    if (!memory_.claim_page (task, address))
        return Answer::no ();
    return Answer::mapping (page_down (address), l4::Fpage::memory (address, l4::page_bits));
}

Answer Requests::device (Word task, Address window_address)
{
    Address const base = window_address & ~(l4::superpage_size - 1);
    Address const physical = base + l4::sigma0::device_offset;
    if (physical < memory_end_ || !blocks_.claim (task, physical))
        return Answer::no ();
    return Answer::mapping (base, l4::Fpage::memory (base, l4::superpage_bits));
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
