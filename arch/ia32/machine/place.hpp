// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where a task lives, in one word: what a switch to one of its threads has to load.
///
///     large       physical address of the page directory, which is below 2 GB
///     small       4 MB: high word of the data descriptor, whose bit 31 is set, as the base is
///                 in the region of small spaces
///     special     bit 1: what only the complete path knows: a large task whose directory is closed
///                 (small_space.hpp), or a space of another size: log2 of that in 4 MB in
///                 bits 4..2, and the descriptor's high word without bit 31
///     0           anywhere: the idle thread
///
/// Equal words: the same space. The low word of the data descriptor follows from the size, the code
/// descriptor from the data descriptor.
#pragma once

#include <l4/fpage.hpp>

#include <segment/descriptor.hpp>

namespace machine {

using l4::Address;
using l4::Word;

class Place {
public:
    static constexpr Word small = Word { 1 } << 31;
    static constexpr Word special = 1 << 1;
    static constexpr Word size_shift = 2;
    static constexpr Word size = 7 << size_shift;
    static constexpr Word flags = 0x3F;

    constexpr Place () = default;

    [[nodiscard]] static constexpr Place in_directory (Address physical, bool is_closed)
    {
        return Place { physical | (is_closed ? special : 0) };
    }
    [[nodiscard]] static constexpr Place in_small_space (Address base, unsigned log2_units)
    {
        Word const descriptor
            = data_segment (base, Word { l4::superpage_size } << log2_units).high;
        return Place { log2_units == 0
                           ? descriptor
                           : (descriptor & ~small) | special | log2_units << size_shift };
    }

    [[nodiscard]] constexpr bool is_anywhere () const { return raw_ == 0; }
    [[nodiscard]] constexpr bool is_small () const { return (raw_ & (small | size)) != 0; }
    [[nodiscard]] constexpr Address directory () const { return raw_ & ~(l4::page_size - 1); }
    [[nodiscard]] constexpr Word raw () const { return raw_; }

    /// The user's data descriptor.
    [[nodiscard]] constexpr ia32::Descriptor data_segment () const
    {
        if (!is_small ())
            return data_segment (0, l4::user_limit);
        unsigned const log2_units = (raw_ & size) >> size_shift;
        return { limit_in_pages (Word { l4::superpage_size } << log2_units),
                 (raw_ & ~flags) | small };
    }

private:
    constexpr explicit Place (Word raw) : raw_ { raw } {}

    [[nodiscard]] static constexpr Word limit_in_pages (Word size)
    {
        return size / l4::page_size - 1;
    }
    [[nodiscard]] static constexpr ia32::Descriptor data_segment (Address base, Word size)
    {
        return ia32::Descriptor::segment (base, limit_in_pages (size),
                                          ia32::Descriptor::data_writable,
                                          ia32::Privilege::user);
    }

    Word raw_ { 0 };
};

static_assert (Place::in_small_space (0xC0400000, 0).raw () == 0xC0C0F340);
static_assert (Place::in_small_space (0xD0000000, 6).data_segment ().low == 0xFFFF);

}  // namespace machine
