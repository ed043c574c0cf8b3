// SPDX-License-Identifier: BSD-2-Clause
#include <core/timeout_queue.hpp>

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <type_traits>
#include <vector>

namespace {

using kernel::Tick;

struct Thread {
    int number { 0 };
    kernel::TimeoutLink<Thread> timeout {};
};

using Queue = kernel::TimeoutQueue<Thread, &Thread::timeout>;

static_assert (std::is_standard_layout_v<Thread>);

struct TimeoutQueue : testing::Test {
    Thread a { 1 }, b { 2 }, c { 3 };
    Queue queue;

    void TearDown () override { EXPECT_TRUE (queue.consistent ()); }
};

/// Deadlines in the order in which they leave.
std::vector<Tick> drain (Queue& queue)
{
    std::vector<Tick> order;
    while (Thread* const first = queue.first ()) {
        order.push_back (first->timeout.deadline);
        queue.remove (*first);
    }
    return order;
}

/// Steps of the longest way that a meld may walk.
std::size_t length_of_right_way (Queue const& queue)
{
    std::size_t length = 0;
    for (Thread const* node = queue.first (); node != nullptr; node = node->timeout.right)
        ++length;
    return length;
}

}  // namespace

TEST_F (TimeoutQueue, ANewQueueIsEmpty)
{
    EXPECT_TRUE (queue.is_empty ());
    EXPECT_EQ (queue.first (), nullptr);
    EXPECT_EQ (queue.remove_expired (0), nullptr);
}

TEST_F (TimeoutQueue, TheEarliestDeadlineIsFirst)
{
    queue.insert (a, 30);
    queue.insert (b, 10);
    queue.insert (c, 20);
    EXPECT_EQ (queue.first (), &b);
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 10, 20, 30 }));
}

TEST_F (TimeoutQueue, OrderSurvivesTheWrapAroundOfTheClock)
{
    queue.insert (a, 5);
    queue.insert (b, 0xFFFFFFF0);
    queue.insert (c, 0);
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 0xFFFFFFF0, 0, 5 }));
}

TEST_F (TimeoutQueue, AnyNodeCanBeRemoved)
{
    queue.insert (a, 10);
    queue.insert (b, 20);
    queue.insert (c, 30);
    queue.remove (b);
    EXPECT_FALSE (Queue::is_queued (b));
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 10, 30 }));
}

TEST_F (TimeoutQueue, ARemovedNodeCanComeBack)
{
    queue.insert (a, 10);
    queue.insert (b, 20);
    queue.remove (a);
    queue.insert (a, 30);
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 20, 30 }));
}

TEST_F (TimeoutQueue, OnlyExpiredNodesAreHandedOut)
{
    queue.insert (a, 100);
    queue.insert (b, 101);
    EXPECT_EQ (queue.remove_expired (99), nullptr);
    EXPECT_EQ (queue.remove_expired (100), &a);
    EXPECT_EQ (queue.remove_expired (100), nullptr);
    EXPECT_EQ (queue.remove_expired (500), &b);
}

TEST_F (TimeoutQueue, ExpiryFollowsTheClockAroundItsEnd)
{
    queue.insert (a, 2);
    EXPECT_EQ (queue.remove_expired (0xFFFFFFFF), nullptr);
    EXPECT_EQ (queue.remove_expired (3), &a);
}

TEST_F (TimeoutQueue, EqualDeadlinesAllLeave)
{
    for (auto* thread : { &a, &b, &c })
        queue.insert (*thread, 7);
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 7, 7, 7 }));
}

TEST_F (TimeoutQueue, MisuseIsABug)
{
    EXPECT_THROW (queue.remove (a), AssertionFailed);
    queue.insert (a, 1);
    EXPECT_THROW (queue.insert (a, 1), AssertionFailed);
}

TEST_F (TimeoutQueue, DamageIsNoticed)
{
    queue.insert (a, 1);
    queue.insert (b, 2);
    b.timeout.deadline = 0;
    EXPECT_FALSE (queue.consistent ());
    b.timeout.deadline = 2;
    b.timeout.parent = nullptr;
    EXPECT_FALSE (queue.consistent ());
    b.timeout.parent = &a;
}

TEST_F (TimeoutQueue, EveryOrderOfInsertionAndRemovalWorks)
{
    std::vector<Thread> threads (6);
    std::vector<int> inserted { 0, 1, 2, 3, 4, 5 };
    do
        for (int removed = 0; removed < 6; ++removed) {
            for (int i : inserted)
                queue.insert (threads[i], static_cast<Tick> (i));
            queue.remove (threads[removed]);
            ASSERT_TRUE (queue.consistent ());
            std::vector<Tick> expected { 0, 1, 2, 3, 4, 5 };
            expected.erase (expected.begin () + removed);
            ASSERT_EQ (drain (queue), expected);
        }
    while (std::next_permutation (inserted.begin (), inserted.end ()));
}

TEST_F (TimeoutQueue, AscendingDeadlinesDoNotMakeALongWay)
{
    std::vector<Thread> threads (10000);
    for (std::size_t i = 0; i < threads.size (); ++i) {
        queue.insert (threads[i], static_cast<Tick> (i));
        ASSERT_LE (length_of_right_way (queue), std::bit_width (i + 2));
    }
    EXPECT_TRUE (queue.consistent ());
    drain (queue);
}

/// The model: a sorted vector of (deadline relative to now, number).
TEST (TimeoutQueueProperty, BehavesLikeASortedVector)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<Thread> threads (64);
    std::vector<Tick> model;
    Queue queue;
    Tick now = 0xFFFFFF00;      // wraps around early in the run
    auto const earlier = [&] (Tick a, Tick b) { return a - now < b - now; };
    for (int step = 0; step < 50000; ++step) {
        auto& thread = threads[random.below (64)];
        if (!Queue::is_queued (thread)) {
            Tick const deadline = now + 1
                                  + (random.one_in (3) ? random.below (8)
                                                       : random.below (0x7FFF0000));
            queue.insert (thread, deadline);
            model.insert (std::upper_bound (model.begin (), model.end (), deadline, earlier),
                          deadline);
        } else if (random.one_in (2)) {
            model.erase (std::find (model.begin (), model.end (), thread.timeout.deadline));
            queue.remove (thread);
        } else {
            ++now;
            while (Thread* const expired = queue.remove_expired (now)) {
                ASSERT_FALSE (model.empty ());
                ASSERT_EQ (model.front (), now);
                model.erase (model.begin ());
                ASSERT_FALSE (Queue::is_queued (*expired));
            }
        }
        ASSERT_TRUE (queue.consistent ()) << "step " << step;
        ASSERT_EQ (queue.is_empty (), model.empty ());
        if (!model.empty ()) {
            ASSERT_EQ (queue.first ()->timeout.deadline, model.front ()) << "step " << step;
        }
    }
}
