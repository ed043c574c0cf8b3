// SPDX-License-Identifier: BSD-2-Clause
#include "clock.hpp"

#include <framework/partner.hpp>

#include "loops.hpp"

namespace bench {

namespace {

using l4::Word;

/// Reading the counter may be forbidden or not exist: then the thread that does it never returns.
[[nodiscard]] bool tsc_is_readable ()
{
    constexpr unsigned limit_milliseconds = 100;
    auto const read = [] (void*) { bench_read_tsc (); };
    guest::Partner& volunteer = guest::start_partner (read, nullptr);
    bool const readable = volunteer.finish (limit_milliseconds);
    volunteer.release ();
    return readable;
}

/// A clock interrupt may fall into one try, not into all.
[[nodiscard]] bool tsc_counts_instructions ()
{
    constexpr unsigned tries = 5;
    Word least = ~Word { 0 };
    for (unsigned i = 0; i < tries; ++i)
        least = std::min (least, bench_known_instructions ());
    return least == bench_known_count;
}

}  // namespace

ClockInfo choose_clock (ClockChoice choice)
{
    bool const readable = choice != ClockChoice::kip && tsc_is_readable ();
    if (!readable)
        return { Clock::kip, false, choice != ClockChoice::tsc };
    return { Clock::tsc, tsc_counts_instructions (), true };
}

}  // namespace bench
