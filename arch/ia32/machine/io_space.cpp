// SPDX-License-Identifier: BSD-2-Clause
#include <machine/io_space.hpp>

#include <lib/assert.hpp>

#include <control.hpp>
#include <machine/memory_layout.hpp>
#include <machine/page_table.hpp>
#include <segment/gdt.hpp>

/// kernel.ld: where the hot page was loaded.
extern "C" char hot_page_image[];

namespace machine {

using l4::Word;

namespace {

constexpr Word kernel_page = PageEntry::present | PageEntry::writable;

/// The single pages' table, and a page of ones: "no port", also behind the bitmap's end.
alignas (l4::page_size) PageEntry single_pages[directory_entries];
alignas (l4::page_size) char forbidden[l4::page_size];

PageEntry& single_page (Address a) { return single_pages[a >> l4::page_bits & 0x3FF]; }

void show (Address address, void const* frame)
{
    single_page (address) = { to_physical (frame), kernel_page };
    ia32::invalidate_page (address);
}

}  // namespace

void IoSpace::initialise ()
{
    for (char& byte : forbidden)
        byte = static_cast<char> (0xFF);
    PageDirectory::master ().set_shared (single_pages_begin >> l4::superpage_bits,
                                         { to_physical (single_pages), kernel_page });
    CHECK (&ia32::task_state_segment () == reinterpret_cast<ia32::Tss*> (task_state));
    show (hot_page, hot_page_image);
    for (Address a = io_bitmap; a <= io_bitmap + io_bitmap_size; a += l4::page_size)
        show (a, forbidden);
}

bool IoSpace::provide (kernel::Quota& quota)
{
    for (Word*& half : bitmap_) {
        if (half != nullptr)
            continue;
        half = static_cast<Word*> (kernel::allocate_zeroed_frame (quota));
        if (half == nullptr)
            return false;
        for (Word i = 0; i < l4::page_size / sizeof (Word); ++i)
            half[i] = ~Word { 0 };
    }
    return true;
}

void IoSpace::release ()
{
    for (Word*& half : bitmap_) {
        if (half != nullptr)
            kernel::free_frame (half);
        half = nullptr;
    }
    permitted_ = 0;
}

bool IoSpace::permits (Word port) const
{
    Word const* const half = bitmap_[port / ports_per_frame];
    Word const bit = port % ports_per_frame;
    return half != nullptr && (half[bit / 32] >> (bit % 32) & 1) == 0;
}

bool IoSpace::permits (Word first, Word count) const
{
    for (Word port = first; port < first + count; ++port)
        if (!permits (port))
            return false;
    return true;
}

bool IoSpace::enter (IoSpace const* source, Word first, Word count)
{
    bool any = false;
    for (Word port = first; port < first + count; ++port) {
        if (source != nullptr && !source->permits (port))
            continue;
        any = true;
        if (permits (port))
            continue;
        Word const bit = port % ports_per_frame;
        bitmap_[port / ports_per_frame][bit / 32] &= ~(Word { 1 } << (bit % 32));
        ++permitted_;
    }
    return any;
}

void IoSpace::install () const
{
    show (io_bitmap, bitmap_[0]);
    show (io_bitmap + l4::page_size, bitmap_[1]);
    ia32::task_state_segment ().io_base = io_bitmap_offset;
}

bool IoSpace::is_installed () { return ia32::task_state_segment ().io_base == io_bitmap_offset; }

void IoSpace::withdraw () { ia32::task_state_segment ().io_base = no_io_bitmap; }

}  // namespace machine
