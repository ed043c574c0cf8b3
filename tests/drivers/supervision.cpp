// SPDX-License-Identifier: BSD-2-Clause
/// @file  A driver may fail in every way that there is: it is there again within a second, its
///        client is told to try again, and nobody else notices.
#include <framework/check.hpp>
#include <framework/time.hpp>
#include <root/protocol.hpp>
#include <runtime/layout.hpp>
#include <runtime/thread.hpp>
#include <supervisor/protocol.hpp>

#include <drivers/protocol.hpp>

#include "fragile.hpp"
#include "supervision.hpp"

using namespace guest;
using fragile::Damage;
using l4::Word;
using rt::Error;

namespace {

constexpr Microseconds a_second = 1'000'000;

[[nodiscard]] bool doubles (drivers::Device& device, Word number)
{
    drivers::Message message {};
    message.ask (fragile::Double { number });
    Word answer = 0;
    return device.ask (message) == Error::none && message.get (answer) && answer == 2 * number;
}

[[nodiscard]] Error suffer (drivers::Device& device, Damage damage)
{
    drivers::Message message {};
    message.ask (fragile::Suffer { damage });
    return device.ask (message);
}

/// It fails, and comes back. @return how long that takes
Microseconds fail_and_recover (Damage damage, supervisor::Reason reason)
{
    drivers::Device device { "fragile" };
    REQUIRE (doubles (device, 21));
    l4::ThreadId const before = device.thread ();
    Word const restarts = describe ("fragile").restarts;
    Microseconds const begin = now ();
    CHECK_EQUAL (suffer (device, damage), Error::unavailable);
    bool const back = doubles (device, 4);
    Microseconds const outage = now () - begin;
    CHECK (back);
    CHECK (device.thread () != before);
    CHECK (outage < a_second);
    auto const about = describe ("fragile");
    CHECK_EQUAL (about.restarts, restarts + 1);
    CHECK_EQUAL (about.last_reason, reason);
    CHECK_EQUAL (about.state, supervisor::State::running);
    return outage;
}

/// Counts its own steps of a millisecond, above all drivers.
rt::Stack<2048> clock_stack;
Word volatile steps;
bool volatile stepping;

void step (void*)
{
    while (stepping) {
        rt::sleep_microseconds (1000);
        steps = steps + 1;
    }
    rt::sleep_forever ();
}

}  // namespace

TEST_CASE ("SUP-001", "a driver that somebody needs is started, once", "")
{
    drivers::Device first { "fragile" };
    drivers::Device second { "fragile" };
    CHECK (doubles (first, 1));
    CHECK (doubles (second, 2));
    CHECK_EQUAL (first.thread (), second.thread ());
    CHECK_EQUAL (describe ("fragile").state, supervisor::State::running);
}

TEST_CASE ("SUP-002", "what is on no list is not started", "")
{
    drivers::Device device { "conformance" };
    CHECK (!device.find ());
    l4::ThreadId const watcher = root::find_name (supervisor::name);
    CHECK_EQUAL (rt::call (watcher, supervisor::Need { "conformance" }).error, Error::not_found);
    CHECK_EQUAL (rt::call (watcher, { 0x7777, 0 }).w0, static_cast<Word> (Error::bad_request));
}

TEST_CASE ("SUP-003", "a driver that ends comes back", "")
{
    fail_and_recover (Damage::exit, supervisor::Reason::ended);
}

TEST_CASE ("SUP-004", "one that faults, or uses a foreign port, too", "")
{
    fail_and_recover (Damage::fault, supervisor::Reason::ended);
    fail_and_recover (Damage::port, supervisor::Reason::ended);
}

TEST_CASE ("SUP-005", "and one that raises an exception, with a handler for it or without", "")
{
    fail_and_recover (Damage::exception, supervisor::Reason::ended);
    fail_and_recover (Damage::unheard, supervisor::Reason::silent);
}

TEST_CASE ("SUP-006", "a driver that spins is replaced, and stops nobody above it", "")
{
    constexpr Word above = 40;
    stepping = true;
    steps = 0;
    set_priority (rt::start_thread (9, clock_stack.top (), step), above);
    Microseconds const outage = fail_and_recover (Damage::loop, supervisor::Reason::silent);
    stepping = false;
    // A step takes a millisecond of sleep and less than one until it begins again.
    CHECK (steps + 1 >= static_cast<Word> (outage) / 2000);
    CHECK (outage > 100'000);
}

TEST_CASE ("SUP-007", "a driver that waits for what never comes is replaced", "")
{
    fail_and_recover (Damage::silence, supervisor::Reason::silent);
}

TEST_CASE ("SUP-008", "one that lives but answers nobody is replaced when its clients complain", "")
{
    fail_and_recover (Damage::deafness, supervisor::Reason::useless);
}

TEST_CASE ("SUP-009", "who complains without reason does no harm to a driver that serves", "")
{
    drivers::Device device { "fragile" };
    REQUIRE (doubles (device, 1));
    l4::ThreadId const before = device.thread ();
    l4::ThreadId const watcher = root::find_name (supervisor::name);
    for (unsigned i = 0; i < 8; ++i) {
        CHECK (doubles (device, i));
        sleep_milliseconds (60);
        CHECK_EQUAL (rt::call (watcher, supervisor::Complain { before }).error, Error::none);
    }
    CHECK (doubles (device, 5));
    CHECK_EQUAL (device.thread (), before);
}

TEST_CASE ("SUP-010", "a driver cannot raise itself above its supervisor", "")
{
    drivers::Device device { "fragile" };
    REQUIRE (doubles (device, 1));
    auto const about = describe ("fragile");
    CHECK (look_at (about.thread).priority ()
           < look_at (root::find_name (supervisor::name)).priority ());
}

TEST_CASE ("SUP-011", "a name that is nobody's has no pages to be seen", "")
{
    alignas (l4::page_size) static constinit Word window[l4::page_size / sizeof (Word)] {};
    auto const at = reinterpret_cast<l4::Address> (window);
    CHECK (!root::map_page_of ("nobody", rt::layout::image_begin, at));
    CHECK (!root::map_page_of ("supervisor", 0x3E0000, at));
}
