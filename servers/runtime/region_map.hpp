// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which part of an address space belongs to which object of which pager.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <array>

#include <l4/fpage.hpp>
#include <l4/thread_id.hpp>

namespace rt {

using l4::Address;
using l4::Word;

/// Memory that a server stands behind.
struct Object {
    l4::ThreadId server {};
    Word number { 0 };
};

struct Region {
    Address begin { 0 };
    Address end { 0 };          ///< 0: unused
    Object object {};
    Word first { 0 };           ///< the object's page at `begin`

    [[nodiscard]] bool holds (Address address) const { return address >= begin && address < end; }
    [[nodiscard]] Word page_of (Address address) const
    {
        return first + (address - begin) / l4::page_size;
    }
};

class RegionMap {
public:
    static constexpr std::size_t capacity = 16;

    /// @return false: not whole pages, not apart from the others, or the table is full
    [[nodiscard]] bool add (Region const& region)
    {
        Address const bits = region.begin | region.end;
        if ((bits & (l4::page_size - 1)) != 0 || region.begin >= region.end
            || overlaps (region.begin, region.end))
            return false;
        for (Region& place : regions_)
            if (place.end == 0) {
                place = region;
                return true;
            }
        return false;
    }

    /// @return what began there; `end` is 0 if nothing did
    Region remove (Address begin)
    {
        for (Region& region : regions_)
            if (region.end != 0 && region.begin == begin) {
                Region const gone = region;
                region = {};
                return gone;
            }
        return {};
    }

    /// The region around `address`; `end` is 0 if there is none.
    [[nodiscard]] Region find (Address address) const
    {
        for (Region const& region : regions_)
            if (region.holds (address))
                return region;
        return {};
    }

    /// The lowest place for `pages` pages in [begin, end), aligned to the next power of two of
    /// their number, so that one fpage can cover them. @return 0: there is none
    [[nodiscard]] Address find_place (Word pages, Address begin, Address end) const
    {
        if (pages == 0 || pages > (end - begin) / l4::page_size)
            return 0;
        Address alignment = l4::page_size;
        while (alignment / l4::page_size < pages)
            alignment *= 2;
        Address const size = pages * l4::page_size;
        Address at = (begin + alignment - 1) & ~(alignment - 1);
        for (; at + size <= end; at += alignment)
            if (!overlaps (at, at + size))
                return at;
        return 0;
    }

private:
    [[nodiscard]] bool overlaps (Address begin, Address end) const
    {
        for (Region const& region : regions_)
            if (begin < region.end && region.begin < end)
                return true;
        return false;
    }

    std::array<Region, capacity> regions_ {};
};

}  // namespace rt
