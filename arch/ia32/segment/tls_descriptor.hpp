// SPDX-License-Identifier: BSD-2-Clause
/// @file  Descriptors that threads set for themselves: which are allowed, what the processor gets.
///
/// Only 32-bit data segments that grow upwards. The base may be anywhere and offsets may wrap
/// around (that is how i386 Unix programs reach what lies below their base), so what a segment can
/// name above 3 GB is protected by pages, not by its limit. A segment that begins in user space
/// and does not wrap is cut off at the end of it.
///
/// Source: Intel486 Programmer's Reference Manual, 5.2.3.
#pragma once

#include <l4/exception.hpp>
#include <l4/fpage.hpp>

#include <segment/descriptor.hpp>

namespace ia32 {

[[nodiscard]] constexpr bool is_present (Descriptor d) { return (d.high & 1 << 15) != 0; }

/// Whether a thread may set `d`: an empty one, or an ordinary data segment.
[[nodiscard]] constexpr bool is_allowed_for_tls (Descriptor d)
{
    constexpr Word kind = 0x1C << 8;            // S, code, expand-down
    constexpr Word data_upwards = 0x10 << 8;
    constexpr Word size_32 = 1 << 22;
    return !is_present (d) || ((d.high & kind) == data_upwards && (d.high & size_32) != 0);
}

/// Base and last offset of a segment.
struct Extent {
    Word base;
    Word last;

    [[nodiscard]] static constexpr Extent of (Descriptor d)
    {
        Word const limit = (d.low & 0xFFFF) | (d.high & 0xF0000);
        bool const in_pages = (d.high & 1 << 23) != 0;
        return { d.low >> 16 | (d.high & 0xFF) << 16 | (d.high & 0xFF000000),
                 in_pages ? limit << l4::page_bits | (l4::page_size - 1) : limit };
    }

    /// Cut off at the end of user space, to the byte below 1 MB, else to a page.
    [[nodiscard]] constexpr Extent clamped () const
    {
        bool const wraps = base + last < base;
        if (base >= l4::user_limit || wraps || base + last < l4::user_limit)
            return *this;
        Word const fits = l4::user_limit - base - 1;
        return { base, is_small (fits) ? fits : fits | (l4::page_size - 1) };
    }

    [[nodiscard]] static constexpr bool is_small (Word last) { return last < 1 << 20; }
};

/// What stands in the descriptor table for an allowed `d`: privilege 3, and accessed, so that the
/// processor never writes it.
[[nodiscard]] constexpr Descriptor tls_descriptor (Descriptor d)
{
    if (!is_present (d))
        return {};
    constexpr Word accessed = 1;
    Word const type = (d.high >> 8 & 0x1F) | accessed;
    Extent const extent = Extent::of (d).clamped ();
    if (Extent::is_small (extent.last))
        return Descriptor::small_segment (extent.base, extent.last, type, Privilege::user);
    return Descriptor::segment (extent.base, extent.last >> l4::page_bits, type, Privilege::user);
}

}  // namespace ia32
