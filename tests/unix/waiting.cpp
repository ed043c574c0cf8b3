// SPDX-License-Identifier: BSD-2-Clause
/// @file  Calls that wait for time, or for one of several things: sleeping, the alarm, poll and
///        select; process groups; vfork and clone.
#include "linux.h"

using namespace linux_i386;

namespace {

constexpr Word number_pipe = 42, number_getitimer = 105, number_getpgrp = 65, number_getrusage = 77;
constexpr std::int32_t error_not_permitted = -1, error_bad_descriptor = -9;

int volatile count;
void note (int) { count = count + 1; }

Word own () { return static_cast<Word> (call (number_getpid)); }

Word now_in_milliseconds ()
{
    Time now {};
    call (number_clock_gettime, 1, at (&now));
    return now.seconds * 1000 + now.fraction / 1'000'000;
}

/// Whether so much time has passed, and not two seconds more: no machine is that slow.
std::int32_t took (Word begin, Word least)
{
    Word const time = now_in_milliseconds () - begin;
    return time >= least && time < least + 2000;
}

struct PollEntry {
    std::int32_t descriptor;
    std::uint16_t wanted, found;
};
constexpr std::uint16_t readable = 1, writable = 4, hung_up = 16, invalid = 32;

/// A child that does something after a while.
template <typename Function>
std::int32_t later (Word milliseconds, Function function)
{
    std::int32_t const child = call (number_fork);
    if (child != 0)
        return child;
    sleep_milliseconds (milliseconds);
    function ();
    leave (0);
}

void wait_for (std::int32_t child) { call (number_wait4, static_cast<Word> (child), 0, 0); }

void test_sleep ()
{
    Word begin = now_in_milliseconds ();
    Time time { 0, 50'000'000 };
    check ("nanosleep", call (number_nanosleep, at (&time)), 0);
    check ("it takes its time", took (begin, 50), 1);
    time = { 0, 1'000'000'000 };
    check ("so many nanoseconds are none", call (number_nanosleep, at (&time)), error_invalid);

    handle (signal_user_1, note);
    Word const self = own ();
    std::int32_t const child = later (50, [=] { call (number_kill, self, signal_user_1); });
    time = { 10, 0 };
    Time rest {};
    check ("a signal ends it", call (number_nanosleep, at (&time), at (&rest)),
           error_interrupted);
    check ("and what is left is told", rest.seconds == 9 && rest.fraction > 500'000'000, 1);
    wait_for (child);
}

void test_alarm ()
{
    handle (signal_alarm, note);
    count = 0;
    struct { Time interval, value; } timer { { 0, 20'000 }, { 0, 30'000 } };
    Word const begin = now_in_milliseconds ();
    check ("setitimer", call (number_setitimer, 0, at (&timer)), 0);
    while (count < 3)
        call (number_pause);
    check ("it rings again and again", took (begin, 70), 1);
    timer = {};
    call (number_setitimer, 0, at (&timer));
    call (number_getitimer, 0, at (&timer));
    check ("until it is stopped", timer.value.seconds == 0 && timer.value.fraction == 0, 1);
    call (number_alarm, 10);
    check ("alarm tells what was left", call (number_alarm, 0), 10);
}

void test_poll ()
{
    std::int32_t ends[2] {};
    call (number_pipe, at (ends));
    auto const input = static_cast<Word> (ends[0]);
    auto const output = static_cast<Word> (ends[1]);
    PollEntry entries[] { { ends[0], readable, 0 }, { -1, readable, 9 }, { 99, readable, 0 } };
    check ("poll: an empty pipe", call (number_poll, at (entries), 1, 0), 0);
    check ("poll: none, and none that there is", call (number_poll, at (entries), 3, ~0u), 1);
    check ("which says so", entries[2].found * 100 + entries[1].found, invalid * 100);
    Word begin = now_in_milliseconds ();
    check ("poll: time is up", call (number_poll, at (entries), 1, 60), 0);
    check ("then, and not before", took (begin, 60), 1);

    begin = now_in_milliseconds ();
    std::int32_t child = later (40, [=] { call (number_write, output, at ("x"), 1); });
    check ("poll: a byte comes", call (number_poll, at (entries), 1, ~0u), 1);
    check ("which is seen", entries[0].found, readable);
    check ("when it comes", took (begin, 40), 1);
    wait_for (child);
    PollEntry both[] { { ends[0], readable, 0 }, { ends[1], writable, 0 } };
    check ("poll: both ends", call (number_poll, at (both), 2, ~0u), 2);

    Word sets[3] { 1u << input, 1u << output, 1u << input };
    check ("select: both ends", call (number_select, output + 1, at (&sets[0]), at (&sets[1]),
                                      at (&sets[2])), 2);
    check ("and nothing exceptional", sets[0] == 1u << input && sets[1] == 1u << output
                                          && sets[2] == 0, 1);
    char byte;
    call (number_read, input, at (&byte), 1);
    sets[0] = 1u << input;
    Time time { 0, 40'000 };
    begin = now_in_milliseconds ();
    check ("select: time is up", call (number_select, input + 1, at (&sets[0]), 0, 0,
                                       at (&time)), 0);
    check ("the sets are empty", static_cast<std::int32_t> (sets[0]), 0);
    check ("it took that long", took (begin, 40), 1);
    sets[0] = 1u << 9;
    check ("select: not open", call (number_select, 10, at (&sets[0])), error_bad_descriptor);

    handle (signal_user_1, note, flag_restart);
    Word const self = own ();
    child = later (40, [=] { call (number_kill, self, signal_user_1); });
    check ("poll is never made again", call (number_poll, at (entries), 1, ~0u),
           error_interrupted);
    wait_for (child);
    child = later (40, [=] {
        call (number_kill, self, signal_user_1);
        sleep_milliseconds (20);
        call (number_write, output, at ("y"), 1);
    });
    std::int32_t const bytes = call (number_read, input, at (&byte), 1);
    check ("SA_RESTART: a read is", bytes == 1 && byte == 'y', 1);
    wait_for (child);
    call (6, output);
    check ("poll: nobody will write", call (number_poll, at (entries), 1, ~0u), 1);
    check ("which is a hang-up", entries[0].found, hung_up);
}

void test_groups ()
{
    std::int32_t const first = call (number_fork);
    if (first == 0)
        for (;;)
            call (number_pause);
    std::int32_t const second = call (number_fork);
    if (second == 0)
        for (;;)
            call (number_pause);
    auto const group = static_cast<Word> (first);
    check ("setpgid makes a group", call (number_setpgid, group, group), 0);
    check ("and lets another join", call (number_setpgid, static_cast<Word> (second), group), 0);
    check ("getpgid", call (number_getpgid, static_cast<Word> (second)), first);
    check ("no group of that number", call (number_setpgid, group, 30000), error_not_permitted);
    check ("nobody of the own group", call (number_wait4, 0, 0, 1), error_no_child);
    check ("a signal for the group", call (number_kill, 0 - group, signal_terminate), 0);
    int status = 0;
    std::int32_t const one = call (number_wait4, 0 - group, at (&status), 0);
    std::int32_t const other = call (number_wait4, 0 - group, at (&status), 0);
    check ("ends both", one + other, first + second);
    check ("there is no such group any more", call (number_kill, 0 - group, 0), error_no_process);
    std::int32_t const child = call (number_fork);
    if (child == 0) {
        bool const good = call (number_setsid) == static_cast<std::int32_t> (own ())
                          && call (number_getpgrp) == static_cast<std::int32_t> (own ())
                          && call (number_setsid) == error_not_permitted;
        leave (good ? 0 : 1);
    }
    call (number_wait4, static_cast<Word> (child), at (&status), 0);
    check ("setsid", status, 0);
}

void test_children ()
{
    Word begin = now_in_milliseconds ();
    std::int32_t child = call (number_vfork);
    if (child == 0) {
        sleep_milliseconds (50);
        leave (0);
    }
    check ("vfork returns when the child has ended", took (begin, 50), 1);
    wait_for (child);

    Word numbers[2] {};
    constexpr Word tell_parent = 0x100000, tell_child = 0x1000000;
    child = call (number_clone, tell_parent | tell_child | signal_child, 0, at (&numbers[0]), 0,
                  at (&numbers[1]));
    if (child == 0)
        leave (numbers[1] == own () ? 0 : 1);
    int status = -1;
    call (number_wait4, static_cast<Word> (child), at (&status), 0);
    check ("clone tells the child its number", status, 0);
    check ("and the parent", static_cast<std::int32_t> (numbers[0]), child);

    Word usage[18] {};
    check ("getrusage", call (number_getrusage, 0, at (usage)), 0);
    check ("getppid is not the process itself", call (number_getppid) != call (number_getpid), 1);
}

}  // namespace

void run ()
{
    test_sleep ();
    test_alarm ();
    test_poll ();
    test_groups ();
    test_children ();
}
