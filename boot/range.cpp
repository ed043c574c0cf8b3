// SPDX-License-Identifier: BSD-2-Clause
#include "range.hpp"

namespace boot {

bool RangeSet::replace (std::size_t first, std::size_t last, Range const* with, std::size_t count)
{
    std::size_t const kept = count_ - (last - first);
    if (kept + count > capacity)
        return false;
    RangeSet result;
    for (std::size_t i = 0; i < first; ++i)
        result.ranges_[result.count_++] = ranges_[i];
    for (std::size_t i = 0; i < count; ++i)
        result.ranges_[result.count_++] = with[i];
    for (std::size_t i = last; i < count_; ++i)
        result.ranges_[result.count_++] = ranges_[i];
    *this = result;
    return true;
}

bool RangeSet::add (Range r)
{
    if (r.is_empty ())
        return true;
    std::size_t first = 0;
    while (first < count_ && ranges_[first].end < r.begin)
        ++first;
    std::size_t last = first;
    for (; last < count_ && ranges_[last].begin <= r.end; ++last) {
        r.begin = ranges_[last].begin < r.begin ? ranges_[last].begin : r.begin;
        r.end = ranges_[last].end > r.end ? ranges_[last].end : r.end;
    }
    return replace (first, last, &r, 1);
}

bool RangeSet::remove (Range r)
{
    if (r.is_empty ())
        return true;
    std::size_t first = 0;
    while (first < count_ && ranges_[first].end <= r.begin)
        ++first;
    std::size_t last = first;
    while (last < count_ && ranges_[last].begin < r.end)
        ++last;
    if (first == last)
        return true;

    Range rest[2];
    std::size_t count = 0;
    if (ranges_[first].begin < r.begin)
        rest[count++] = { ranges_[first].begin, r.begin };
    if (ranges_[last - 1].end > r.end)
        rest[count++] = { r.end, ranges_[last - 1].end };
    return replace (first, last, rest, count);
}

bool RangeSet::contains (Range r) const
{
    if (r.is_empty ())
        return true;
    for (Range const& own : *this)
        if (own.contains (r))
            return true;
    return false;
}

bool RangeSet::overlaps (Range r) const
{
    for (Range const& own : *this)
        if (own.overlaps (r))
            return true;
    return false;
}

std::optional<Address> RangeSet::fit (Word size, Address lowest) const
{
    for (Range const& own : *this) {
        Address const at = page_up (own.begin > lowest ? own.begin : lowest);
        if (at < own.end && own.end - at >= size)
            return at;
    }
    return std::nullopt;
}

Word RangeSet::total () const
{
    Word sum = 0;
    for (Range const& own : *this)
        sum += own.size ();
    return sum;
}

bool RangeSet::consistent () const
{
    for (std::size_t i = 0; i < count_; ++i)
        if (ranges_[i].is_empty () || (i > 0 && ranges_[i - 1].end >= ranges_[i].begin))
            return false;
    return count_ <= capacity;
}

}  // namespace boot
