// SPDX-License-Identifier: BSD-2-Clause
/// @file  Signals of a process, who may join which group, what wait4 is about, times; and frames of
///        handlers, which must give back what they took.
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <unix/process/children.hpp>
#include <unix/process/groups.hpp>
#include <unix/process/time.hpp>
#include <unix/process/wait_queue.hpp>
#include <unix/signal/signals.hpp>

namespace {

using namespace unix_server;
using Kind = Delivery::Kind;

constexpr Disposition handled { 0x8048000, 0, 0, {} };

TEST (SignalSet, FirstIsTheLowest)
{
    SignalSet set = SignalSet::of (Signal { 64 }, Signal::child, Signal { 33 });
    std::vector<Word> found;
    for (; !set.empty (); set.remove (set.first ()))
        found.push_back (static_cast<Word> (set.first ()));
    EXPECT_EQ (found, (std::vector<Word> { 17, 33, 64 }));
}

TEST (Signals, DefaultActions)
{
    Signals signals;
    signals.post (Signal::terminate, {});
    EXPECT_EQ (signals.next ().kind, Kind::end);
    EXPECT_EQ (signals.deadly (), Signal::terminate);
    signals = {};
    signals.post (Signal::child, {});
    EXPECT_EQ (signals.next ().kind, Kind::nothing);
    signals.post (Signal::terminal_stop, {});
    EXPECT_EQ (signals.next ().kind, Kind::stop);
    EXPECT_EQ (signals.deadly (), Signal::none);
}

TEST (Signals, WhatIsIgnoredIsGone)
{
    Signals signals;
    signals.set_disposition (Signal::terminate, { handler::ignore });
    signals.post (Signal::terminate, {});
    signals.set_disposition (Signal::terminate, {});
    EXPECT_EQ (signals.next ().kind, Kind::nothing);

    signals.block (SignalSet::of (Signal::terminate));
    signals.post (Signal::terminate, {});
    EXPECT_TRUE (signals.waiting ().contains (Signal::terminate));
    signals.set_disposition (Signal::terminate, { handler::ignore });
    EXPECT_TRUE (signals.waiting ().empty ());

    signals.post (Signal::terminate, {});
    EXPECT_TRUE (signals.waiting ().contains (Signal::terminate)) << "blocked, it waits";
    signals.block ({});
    EXPECT_TRUE (signals.waiting ().empty ());
}

TEST (Signals, BlockedOnesWaitAndComeOnce)
{
    Signals signals;
    signals.set_disposition (Signal::user_1, handled);
    signals.block (SignalSet::of (Signal::user_1, Signal::kill));
    signals.post (Signal::user_1, { 1 });
    signals.post (Signal::user_1, { 2 });
    EXPECT_EQ (signals.next ().kind, Kind::nothing);
    EXPECT_FALSE (signals.blocked ().contains (Signal::kill));
    signals.block ({});
    EXPECT_EQ (signals.next ().signal, Signal::user_1);
    EXPECT_EQ (signals.next ().cause.code, 1) << "the second one was lost";
    signals.remove (Signal::user_1);
    EXPECT_EQ (signals.next ().kind, Kind::nothing);
}

TEST (Signals, StopAndGoOnCancelEachOther)
{
    Signals signals;
    signals.block (SignalSet::of (Signal::terminal_stop));
    signals.post (Signal::terminal_stop, {});
    signals.post (Signal::go_on, {});
    EXPECT_TRUE (signals.waiting ().empty ());
    EXPECT_TRUE (signals.take_go_on ());
    EXPECT_FALSE (signals.take_go_on ());
    signals.set_disposition (Signal::go_on, handled);
    signals.post (Signal::go_on, {});
    signals.post (Signal::stop, {});
    EXPECT_EQ (signals.next ().kind, Kind::stop);
}

TEST (Signals, AHandlerBlocksItsSignalAndItsMask)
{
    Signals signals;
    signals.set_disposition (Signal::user_1,
                             { handled.handler, 0, 0, SignalSet::of (Signal::user_2) });
    signals.enter (Signal::user_1);
    EXPECT_EQ (signals.blocked (), SignalSet::of (Signal::user_1, Signal::user_2));
    signals = {};
    signals.set_disposition (Signal::user_1,
                             { handled.handler, action::no_defer | action::reset, 0, {} });
    signals.enter (Signal::user_1);
    EXPECT_TRUE (signals.blocked ().empty ());
    EXPECT_FALSE (signals.disposition (Signal::user_1).has_handler ());
}

TEST (Signals, AnExceptionCannotBePutOff)
{
    Signals signals;
    signals.set_disposition (Signal::segmentation_fault, handled);
    signals.force (Signal::segmentation_fault, {});
    EXPECT_EQ (signals.next ().kind, Kind::handler);
    signals.enter (Signal::segmentation_fault);
    signals.remove (Signal::segmentation_fault);
    signals.force (Signal::segmentation_fault, {});
    EXPECT_EQ (signals.next ().kind, Kind::end) << "in its own handler";
    signals = {};
    signals.set_disposition (Signal::bus, { handler::ignore });
    signals.force (Signal::bus, {});
    EXPECT_EQ (signals.next ().kind, Kind::end);
}

TEST (Signals, AnotherMaskForACall)
{
    Signals signals;
    signals.set_disposition (Signal::user_1, handled);
    signals.block (SignalSet::of (Signal::user_1));
    signals.block_for_now (SignalSet::of (Signal::user_2));
    EXPECT_EQ (signals.blocked (), SignalSet::of (Signal::user_2));
    EXPECT_EQ (signals.mask_for_frame (), SignalSet::of (Signal::user_1));
    signals.enter (Signal::user_1);
    EXPECT_EQ (signals.mask_for_frame (), signals.blocked ());
    signals.block_for_now ({});
    signals.end_of_call ();
    EXPECT_EQ (signals.blocked (), SignalSet::of (Signal::user_1, Signal::user_2));
}

TEST (Signals, NewProgramsAndChildren)
{
    Signals signals;
    signals.set_disposition (Signal::user_1, handled);
    signals.set_disposition (Signal::user_2, { handler::ignore });
    signals.block (SignalSet::of (Signal::alarm));
    signals.post (Signal::alarm, {});
    Signals const child = signals.for_child ();
    EXPECT_TRUE (child.waiting ().empty ());
    EXPECT_TRUE (child.disposition (Signal::user_1).has_handler ());
    signals.begin_program ();
    EXPECT_FALSE (signals.disposition (Signal::user_1).has_handler ());
    EXPECT_EQ (signals.disposition (Signal::user_2).handler, handler::ignore);
    EXPECT_TRUE (signals.waiting ().contains (Signal::alarm));
    EXPECT_TRUE (signals.blocked ().contains (Signal::alarm));
}

/// Against a model of one flag per signal: whatever happens, what is blocked or ignored is not
/// delivered, and what is neither is.
TEST (Signals, RandomOperationsAgainstAModel)
{
    std::mt19937 random { 7 };
    Signals signals;
    bool waiting[65] {}, blocked[65] {}, ignored[65] {};
    auto const drop = [&] (Word n) { waiting[n] = waiting[n] && !(ignored[n] && !blocked[n]); };
    for (int round = 0; round < 100'000; ++round) {
        Word const n = 34 + random () % 20;
        auto const signal = static_cast<Signal> (n);
        switch (random () % 5) {
        case 0:
            signals.post (signal, {});
            waiting[n] = waiting[n] || blocked[n] || !ignored[n];
            break;
        case 1:
            signals.set_disposition (signal, { handler::ignore });
            ignored[n] = true;
            waiting[n] = false;
            break;
        case 2:
            signals.set_disposition (signal, handled);
            ignored[n] = false;
            break;
        case 3:
            blocked[n] = !blocked[n];
            if (blocked[n])
                signals.block (signals.blocked ().with (SignalSet::of (signal)));
            else
                signals.block (signals.blocked ().without (SignalSet::of (signal)));
            drop (n);
            break;
        default:
            if (Delivery const next = signals.next (); next.kind != Kind::nothing) {
                auto const got = static_cast<Word> (next.signal);
                ASSERT_TRUE (waiting[got] && !blocked[got] && !ignored[got]);
                signals.remove (next.signal);
                waiting[got] = false;
            }
        }
        for (Word i = 34; i < 54; ++i)
            ASSERT_EQ (signals.waiting ().contains (static_cast<Signal> (i)), waiting[i]) << i;
    }
}

// Groups, sessions, children.

class Family : public testing::Test {
protected:
    Process& add (Word pid, Word parent, Word group, Word session)
    {
        Process& process = processes->at (next_++);
        process.state = Process::State::running;
        process.pid = pid;
        process.parent = parent;
        process.group = group;
        process.session = session;
        return process;
    }

    std::unique_ptr<Processes> const processes { std::make_unique<Processes> () };

private:
    Word next_ { 0 };
};

TEST_F (Family, JoinGroup)
{
    Process& shell = add (2, init_pid, 2, 2);
    Process& left = add (3, 2, 2, 2);
    Process& right = add (4, 2, 2, 2);
    add (5, 4, 5, 5);
    EXPECT_EQ (join_group (*processes, shell, 3, 3), Result { Word { 0 } });
    EXPECT_EQ (left.group, 3u);
    EXPECT_EQ (join_group (*processes, shell, 4, 3), Result { Word { 0 } });
    EXPECT_EQ (right.group, 3u);
    EXPECT_EQ (join_group (*processes, right, 0, 0), Result { Word { 0 } });
    EXPECT_EQ (right.group, 4u);
    EXPECT_EQ (join_group (*processes, shell, 0, 0), Errno::not_permitted) << "leads a session";
    EXPECT_EQ (join_group (*processes, shell, 3, 99), Errno::not_permitted) << "no such group";
    EXPECT_EQ (join_group (*processes, right, 5, 5), Errno::not_permitted) << "other session";
    EXPECT_EQ (join_group (*processes, left, 4, 3), Errno::no_process) << "no child";
    EXPECT_EQ (join_group (*processes, shell, 3, ~0u), Errno::invalid);
    left.has_executed = true;
    EXPECT_EQ (join_group (*processes, shell, 3, 4), Errno::access);
}

TEST_F (Family, Sessions)
{
    Process& shell = add (2, init_pid, 2, 2);
    Process& child = add (3, 2, 2, 2);
    EXPECT_EQ (begin_session (*processes, shell), Errno::not_permitted);
    EXPECT_EQ (begin_session (*processes, child), Result { Word { 3 } });
    EXPECT_EQ (child.group, 3u);
    EXPECT_EQ (child.session, 3u);
}

TEST_F (Family, Orphans)
{
    Process& shell = add (2, init_pid, 2, 2);
    add (3, 2, 3, 2);
    add (4, 3, 3, 2);
    EXPECT_TRUE (is_orphaned (*processes, 2));
    EXPECT_FALSE (is_orphaned (*processes, 3)) << "the shell watches them";
    shell.state = Process::State::zombie;
    EXPECT_TRUE (is_orphaned (*processes, 3));
}

TEST_F (Family, Wait)
{
    add (2, init_pid, 2, 2);
    Process& child = add (3, 2, 7, 2);
    auto const order = [] (std::int32_t target, Word options = 0) {
        return WaitOrder { 2, 2, target, options };
    };
    for (std::int32_t const target : { 3, -1, -7 }) {
        EXPECT_TRUE (order (target).is_about (child)) << target;
        EXPECT_FALSE (order (target).is_answered_by (child));
    }
    EXPECT_FALSE (order (0).is_about (child));
    EXPECT_FALSE (order (4).is_about (child));
    EXPECT_FALSE ((WaitOrder { 9, 2, -1, 0 }.is_about (child)));
    child.news = stopped_by (Signal::stop);
    EXPECT_FALSE (order (-1).is_answered_by (child));
    EXPECT_TRUE (order (-1, waiting::stopped).is_answered_by (child));
    EXPECT_EQ (status_of (child), 0x137Fu);
    child.news = has_continued;
    EXPECT_FALSE (order (-1, waiting::stopped).is_answered_by (child));
    EXPECT_TRUE (order (-1, waiting::continued).is_answered_by (child));
    child.state = Process::State::zombie;
    child.status = exited (3);
    EXPECT_TRUE (order (-1).is_answered_by (child));
    EXPECT_EQ (status_of (child), 0x300u);
}

// Queues and times.

TEST (WaitQueue, IsASetThatEmptiesItself)
{
    WaitQueue queue;
    queue.waiting.add (31);
    queue.waiting.add (0);
    queue.waiting.add (31);
    ProcessSet woken = queue.waiting.take_all ();
    EXPECT_TRUE (queue.waiting.empty ());
    EXPECT_EQ (woken.take_first (), 0u);
    EXPECT_EQ (woken.take_first (), 31u);
    EXPECT_TRUE (woken.empty ());
}

TEST (Time, DividesAndConverts)
{
    std::mt19937_64 random { 3 };
    for (int round = 0; round < 10'000; ++round) {
        std::uint64_t const number = random () >> random () % 64;
        auto const divisor = static_cast<Word> (1 + random () % 0xFFFFFFFF);
        Quotient const found = divide (number, divisor);
        ASSERT_EQ (found.quotient, number / divisor);
        ASSERT_EQ (found.remainder, number % divisor);
    }
    Time time = 0;
    EXPECT_TRUE (to_time (TimeSpec { 2, 1 }, time));
    EXPECT_EQ (time, 2'000'001u) << "never too short";
    EXPECT_FALSE (to_time (TimeSpec { 0, 1'000'000'000 }, time));
    EXPECT_FALSE (to_time (TimeSpec { -1, 0 }, time));
    EXPECT_FALSE (to_time (TimeValue { 0, 1'000'000 }, time));
    EXPECT_TRUE (to_time (TimeSpec64 { INT64_MAX, 0 }, time));
    EXPECT_EQ (time, longest_time);
    EXPECT_EQ (from_time<TimeValue> (3'000'007).microseconds, 7);
}

}  // namespace
