// SPDX-License-Identifier: BSD-2-Clause
/// @file  The wall clock and its alarms, measured by the kernel's clock.
#include <framework/check.hpp>
#include <framework/time.hpp>
#include <root/protocol.hpp>
#include <runtime/thread.hpp>

#include <drivers/clock/protocol.hpp>

#include "supervision.hpp"

using namespace guest;
using l4::Word;
using rt::Error;
using wall::Date;

namespace {

constexpr Microseconds second = 1'000'000;

constinit wall::Clock wall_clock {};

[[nodiscard]] Word wall_time ()
{
    auto const time = wall_clock.now ();
    REQUIRE_EQUAL (time.error, Error::none);
    return time.value.seconds;
}

/// A second client.
struct Sleeper {
    Word until;
    Word volatile woken;
};
constinit Sleeper sleeper {};
rt::Stack<4096> sleeper_stack;

void sleep_until (void*)
{
    wall::Clock own {};
    auto const answer = own.wait_until (sleeper.until);
    sleeper.woken = answer.ok () ? answer.value.seconds : 1;
    rt::sleep (l4::Timeout::never ());
}

}  // namespace

TEST_CASE ("CLK-001", "the clock shows a time, and it goes on", "")
{
    Word const before = wall_time ();
    CHECK (Date::from (before).year >= 2000);
    CHECK (Date::from (before).is_valid ());
    rt::sleep_microseconds (2 * second);
    Word const after = wall_time ();
    CHECK (after >= before + 1);
    CHECK (after <= before + 4);
}

TEST_CASE ("CLK-002", "the clock shows what it was set to, leap days and midnight included", "")
{
    Word const before = wall_time ();
    constexpr Date dates[] = { { 1999, 12, 31, 23, 59, 59 }, { 2000, 2, 29, 12, 0, 0 },
                               { 2024, 2, 28, 23, 59, 59 }, { 1996, 5, 14, 0, 0, 0 },
                               { 2099, 12, 31, 11, 59, 59 } };
    for (Date const& date : dates) {
        auto const wanted = date.seconds ();
        REQUIRE_EQUAL (wall_clock.set (wanted), Error::none);
        Word const at_once = wall_time ();
        CHECK (at_once == wanted || at_once == wanted + 1);
        rt::sleep_microseconds (second + second / 2);
        CHECK (wall_time () >= wanted + 1);
        CHECK (wall_time () <= wanted + 3);
    }
    CHECK_EQUAL (wall_clock.set (before), Error::none);
}

TEST_CASE ("CLK-003", "an alarm comes when it is due, and at once if it was", "")
{
    Word const begin = wall_time ();
    auto const past = wall_clock.wait_until (begin - 5);
    CHECK_EQUAL (past.error, Error::none);
    CHECK (past.value.seconds <= begin + 1);
    for (Word const delay : { 1u, 2u, 5u }) {
        Word const due = wall_time () + delay;
        auto const answer = wall_clock.wait_until (due);
        CHECK_EQUAL (answer.error, Error::none);
        CHECK (answer.value.seconds >= due);
        CHECK (answer.value.seconds <= due + 1);
    }
}

TEST_CASE ("CLK-004", "two clients wait for different times, the earlier one is woken first", "")
{
    Word const begin = wall_time ();
    sleeper = { begin + 2, 0 };
    rt::start_thread (9, sleeper_stack.top (), sleep_until);
    auto const answer = wall_clock.wait_until (begin + 4);
    CHECK_EQUAL (answer.error, Error::none);
    CHECK (answer.value.seconds >= begin + 4);
    CHECK (sleeper.woken >= begin + 2);
    CHECK (sleeper.woken < begin + 4);
}

TEST_CASE ("CLK-005", "what is no request is refused; who waits is not kept by a killed driver", "")
{
    drivers::Message message {};
    message.put (0x7777, rt::Nothing {});
    CHECK_EQUAL (wall_clock.device ().ask (message), Error::bad_request);
    CHECK_EQUAL (wall_clock.set (~Word { 0 }), Error::bad_request);
    Word const begin = wall_time ();
    REQUIRE (rt::call (root::service (), root::KillByName { "rtc" }).ok ());
    Word woken = 0;
    CHECK_EQUAL (drivers::persist ([&] {
                     auto const answer = wall_clock.wait_until (begin + 2);
                     woken = answer.value.seconds;
                     return answer.error;
                 }),
                 Error::none);
    CHECK (woken >= begin + 2);
    CHECK (describe ("rtc").restarts >= 1);
}
