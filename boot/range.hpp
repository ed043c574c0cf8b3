// SPDX-License-Identifier: BSD-2-Clause
/// @file  Ranges of physical memory, and sets of them.
///
/// Everything that boot decides about memory is arithmetic on these: what is RAM, what is taken,
/// where something fits.
///
/// Invariants: the ranges of a set are sorted, disjoint, not adjacent, not empty.
/// Example:    {1000-3000} minus 2000-2800 is {1000-2000, 2800-3000}.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include <l4/fpage.hpp>
#include <lib/align.hpp>

namespace boot {

using l4::Address;
using l4::Word;
using l4::page_size;

/// `end` is the first byte behind. The last page below 4 GB does not occur.
struct Range {
    Address begin { 0 };
    Address end { 0 };

    [[nodiscard]] constexpr bool is_empty () const { return end <= begin; }
    [[nodiscard]] constexpr Word size () const { return is_empty () ? 0 : end - begin; }
    [[nodiscard]] constexpr bool contains (Range r) const
    {
        return r.is_empty () || (r.begin >= begin && r.end <= end);
    }
    [[nodiscard]] constexpr bool overlaps (Range r) const
    {
        return !is_empty () && !r.is_empty () && begin < r.end && r.begin < end;
    }
    friend constexpr bool operator== (Range, Range) = default;
};

constexpr Address last_page = 0xFFFFF000;

/// Rounded up to a page; what would be 4 GB becomes the last page.
[[nodiscard]] constexpr Address page_up (Address a)
{
    return a > last_page ? last_page : lib::align_up (a, page_size);
}

[[nodiscard]] constexpr Address page_down (Address a) { return lib::align_down (a, page_size); }

/// The pages that `r` touches.
[[nodiscard]] constexpr Range pages_around (Range r)
{
    return r.is_empty () ? Range {} : Range { page_down (r.begin), page_up (r.end) };
}

/// The pages that lie in `r` completely; empty if there is none.
[[nodiscard]] constexpr Range pages_inside (Range r)
{
    return r.is_empty () ? Range {} : Range { page_up (r.begin), page_down (r.end) };
}

class RangeSet {
public:
    static constexpr std::size_t capacity = 64;

    /// @return false, with the set unchanged, if that needs more ranges than a set can hold
    [[nodiscard]] bool add (Range r);
    [[nodiscard]] bool remove (Range r);

    /// Whether all of `r` lies in one range of the set.
    [[nodiscard]] bool contains (Range r) const;
    [[nodiscard]] bool overlaps (Range r) const;

    /// The lowest page boundary at or above `lowest` where `size` bytes fit.
    [[nodiscard]] std::optional<Address> fit (Word size, Address lowest) const;

    [[nodiscard]] std::size_t size () const { return count_; }
    /// Bytes in all ranges together.
    [[nodiscard]] Word total () const;

    [[nodiscard]] Range const* begin () const { return ranges_.data (); }
    [[nodiscard]] Range const* end () const { return ranges_.data () + count_; }

    [[nodiscard]] bool consistent () const;

private:
    /// Replaces ranges [first, last) by `count` new ones.
    [[nodiscard]] bool replace (std::size_t first, std::size_t last, Range const* with,
                                std::size_t count);

    std::array<Range, capacity> ranges_ {};
    std::size_t count_ { 0 };
};

}  // namespace boot
