// SPDX-License-Identifier: BSD-2-Clause
/// @file  Crowds of threads: with one deadline, pending at one thread, under another's name.
#include "crowd.hpp"

using namespace guest;

namespace {

constexpr unsigned short_lived = lasting_partner_tasks;
constexpr unsigned enough = 100;

/// Somebody in partner task `short_lived` who never receives.
l4::ThreadId start_target ()
{
    static Exchange idle;
    idle = Exchange::from (l4::ThreadId::nil ());
    return partner_task (short_lived).start (exchange, &idle).id ();
}

}  // namespace

TEST_CASE ("LAT-001", "crowds whose time comes at once", "V2-092")
{
    crowd_timeouts = within (40);
    for (unsigned n = 0; n < partner_tasks; ++n)
        CHECK (crowd::gather (n, crowd_sleep) > enough);
    sleep_milliseconds (300);
    for (unsigned n = short_lived; n < partner_tasks; ++n)
        crowd::redirect (n, crowd_sleep);       // all leave the queue of timeouts and come back
    sleep_milliseconds (100);
}

TEST_CASE ("LAT-002", "crowds pending at a thread: cancelled, timed out, and sent away",
           "V2-092 V2-100")
{
    crowd_target = start_target ();
    crowd_timeouts = within (1000);
    CHECK (crowd::gather (0, crowd_send) > enough);
    CHECK (crowd::gather (1, crowd_send) > enough);
    crowd::redirect (0, crowd_send);
    crowd_timeouts = within (5);
    crowd::redirect (1, crowd_send);
    sleep_milliseconds (60);
    crowd::dissolve (short_lived);
}

TEST_CASE ("LAT-003", "a task is deleted whose threads have everything that a thread can have",
           "V2-092 V2-100")
{
    crowd_target = rt::myself ();
    crowd_timeouts = within (1000);
    CHECK (crowd::gather (short_lived, crowd_own_much) > enough);
    CHECK (crowd::gather (0, crowd_send) > enough);
    sleep_milliseconds (20);
    crowd::dissolve (short_lived);
}

TEST_CASE ("LAT-004", "a crowd deceives, and is received from one by one", "V2-092")
{
    l4::ThreadId const chief = partner_task (short_lived).id ();
    l4::ThreadId const name = l4::ThreadId::make (
        { .task = chief.task () + 1, .lthread = 5, .version = 0, .chief = chief.task (),
          .nest = chief.nest () + 1, .site = 0 });
    static l4::ThreadId names[2];
    names[0] = name;
    crowd_target = rt::myself ();
    crowd_timeouts = within (1000);
    unsigned const deceivers = crowd::gather (short_lived, crowd_deceive,
                                              reinterpret_cast<Address> (names));
    CHECK (deceivers > enough);
    unsigned received = 0;
    for (; received < deceivers / 2 && rt::receive (name, within (20)).dope.ok (); ++received)
        ;
    CHECK (received > enough / 4);
    crowd::redirect (short_lived, crowd_deceive, reinterpret_cast<Address> (names));
    crowd::dissolve (short_lived);
}
