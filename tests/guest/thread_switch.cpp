// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_switch: giving the processor to another thread.
///
/// A clock interrupt can let another thread run at any moment. What must be seen is therefore
/// repeated, and has to be so in most rounds.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr unsigned rounds = 20;
constexpr unsigned most = rounds / 2 + 1;

/// Who ran first.
struct Race {
    Word volatile order[2] {};
    unsigned volatile arrived { 0 };
};

struct Runner {
    Race* race;
    Word name;
};

void run (void* argument)
{
    auto const& self = *static_cast<Runner*> (argument);
    unsigned const place = self.race->arrived;
    self.race->arrived = place + 1;
    self.race->order[place] = self.name;
}

/// Switch by `low`, `high` while a busy thread of the same priority is ready.
/// @return in how many of the rounds it ran before the call returned
[[nodiscard]] unsigned rounds_in_which_others_run (l4::ThreadId destination)
{
    guest_count = 0;
    static_cast<void> (start_fresh_thread (guest_busy));
    settle ();
    unsigned ran = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        Word const before = guest_count;
        rt::thread_switch (destination);
        if (guest_count != before)
            ++ran;
    }
    return ran;
}

}  // namespace

TEST_CASE ("SWI-001", "a switch to nil lets a ready thread of the same priority run", "V2-205")
{
    CHECK (rounds_in_which_others_run (l4::ThreadId::nil ()) >= most);
}

TEST_CASE ("SWI-002", "a switch to a blocked thread acts as one to nil", "V2-207 V2-093")
{
    Exchange order = Exchange::wait ();
    Partner& blocked = begin (order);
    CHECK (rounds_in_which_others_run (blocked.id ()) >= most);
    CHECK (order.pending ());
}

TEST_CASE ("SWI-003", "the high word of the id does not matter", "V2-207 V2-032")
{
    CHECK (rounds_in_which_others_run ({ 0, 0xDEADBEEF }) >= most);
}

TEST_CASE ("SWI-004", "a switch to oneself or to nobody acts as one to nil", "V2-093")
{
    CHECK (rounds_in_which_others_run (rt::myself ()) >= most);
    park_fresh_threads ();
    l4::ThreadId const nobody = rt::myself ().with_lthread (fresh_lthread ());
    CHECK (rounds_in_which_others_run (nobody) >= most);
    park_fresh_threads ();
    CHECK (rounds_in_which_others_run (l4::ThreadId::invalid ()) >= most);
}

TEST_CASE ("SWI-005", "a switch to a ready thread runs that one and no other", "V2-093 V2-206")
{
    unsigned chosen_first = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        Race race;
        Runner runners[2] { { &race, 1 }, { &race, 2 } };
        Partner& other = start_partner (run, &runners[0]);
        Partner& chosen = start_partner (run, &runners[1]);
        rt::thread_switch (chosen.id ());
        REQUIRE (other.finish () && chosen.finish ());
        if (race.order[0] == runners[1].name)
            ++chosen_first;
        other.release ();
        chosen.release ();
    }
    CHECK (chosen_first >= most);
}

TEST_CASE ("SWI-006", "a switch reaches a thread of another task", "V2-093 V2-072")
{
    unsigned ran = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        Exchange order = Exchange::wait ();
        Partner& partner = begin (order, Space::other);
        CHECK (rt::send (partner.id (), {}, bounded).ok ());
        rt::thread_switch (partner.id ());
        if (!order.pending ())
            ++ran;
        REQUIRE (partner.finish ());
        partner.release ();
    }
    CHECK (ran >= most);
}

TEST_CASE ("SWI-007", "busy threads share the processor", "V2-295 V2-205")
{
    guest_count = 0;
    static_cast<void> (start_fresh_thread (guest_busy));
    Microseconds const limit = now () + 200 * kernel_tick;
    Word changes = 0;
    Word last = guest_count;
    while (now () < limit) {
        Word const count = guest_count;     // once: the other may run between two readings
        if (count != last)
            ++changes;
        last = count;
    }
    // Slices of 10 ms: in 200 ms each of the two gets ten, more or less.
    CHECK (changes >= 4);
}
