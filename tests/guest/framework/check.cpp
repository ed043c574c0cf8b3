// SPDX-License-Identifier: BSD-2-Clause
#include "check.hpp"

#include "case_record.hpp"

namespace guest {

constinit CaseRecord case_record;

void CaseRecord::clear ()
{
    failures_ = 0;
    skip_reason_ = {};
    skipped_ = false;
}

void CaseRecord::add (Failure const& failure)
{
    unsigned slot = 1;
    asm volatile ("lock xaddl %0, %1" : "+r" (slot), "+m" (failures_) : : "memory", "cc");
    if (slot < capacity)
        kept_[slot] = failure;
}

Outcome CaseRecord::outcome () const
{
    if (failures_ != 0)
        return Outcome::failed;
    return skipped_ ? Outcome::skipped : Outcome::passed;
}

bool check (bool holds, Place const& place)
{
    if (!holds)
        case_record.add ({ .place = place });
    return holds;
}

bool check_equal (Value actual, Value expected, Place const& place)
{
    bool const equal = actual == expected;
    if (!equal)
        case_record.add (
            { .place = place, .has_values = true, .actual = actual, .expected = expected });
    return equal;
}

void skip_case (char const* reason)
{
    case_record.skip (reason);
    end_case ();
}

}  // namespace guest
