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

bool IoSpace::provide_step (kernel::Quota& quota)
{
    constexpr Word filled_at_once = 128;
    if (has_bitmap ())
        return true;
    Word*& half = bitmap_[words_filled_ / words_per_frame];
    if (half == nullptr)
        half = static_cast<Word*> (kernel::kernel_frames.allocate (quota));
    if (half == nullptr)
        return false;
    __builtin_memset (half + words_filled_ % words_per_frame, 0xFF, filled_at_once * sizeof (Word));
    words_filled_ += filled_at_once;
    return true;
}

void IoSpace::release ()
{
    for (Word*& half : bitmap_) {
        if (half != nullptr)
            kernel::free_frame (half);
        half = nullptr;
    }
    words_filled_ = 0;
    permitted_ = 0;
}

void IoSpace::permit (Word port)
{
    if (permits (port))
        return;
    word_of (port) &= ~(Word { 1 } << (port % 32));
    ++permitted_;
}

void IoSpace::forbid (Word port)
{
    if (!permits (port))
        return;
    word_of (port) |= Word { 1 } << (port % 32);
    --permitted_;
}

bool IoSpace::permits (Word port) const
{
    return has_bitmap () && (word_of (port) >> (port % 32) & 1) == 0;
}

bool IoSpace::permits (Word first, Word count) const
{
    for (Word port = first; port < first + count; ++port)
        if (!permits (port))
            return false;
    return true;
}

bool IoSpace::permits_any (Word first, Word count) const
{
    for (Word port = first; port < first + count; ++port)
        if (permits (port))
            return true;
    return false;
}

Word IoSpace::skip_forbidden (Word port) const
{
    if (!has_bitmap ())
        return ports;
    return word_of (port) == ~Word { 0 } ? (port | 31) + 1 : port + 1;
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
