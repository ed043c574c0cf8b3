// SPDX-License-Identifier: BSD-2-Clause
#include <core/timeout_queue.hpp>

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <vector>

namespace {

using kernel::Tick;

struct Thread {
    int number { 0 };
    kernel::TimeoutLink timeout {};
};

using Queue = kernel::TimeoutQueue<Thread, &Thread::timeout>;

static_assert (std::is_standard_layout_v<Thread>);

struct TimeoutQueue : testing::Test {
    Thread a { 1 }, b { 2 }, c { 3 };
    Thread* places[10000] {};
    Queue queue;

    TimeoutQueue () { queue.use (places); }

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

/// The first, if its deadline is `now` or earlier, taken out; null if there is none.
Thread* remove_expired (Queue& queue, Tick now)
{
    Thread* const first = queue.first ();
    if (first == nullptr || kernel::is_before (now, first->timeout.deadline))
        return nullptr;
    queue.remove (*first);
    return first;
}

}  // namespace

TEST_F (TimeoutQueue, ANewQueueIsEmpty)
{
    EXPECT_TRUE (queue.is_empty ());
    EXPECT_EQ (queue.first (), nullptr);
    EXPECT_EQ (remove_expired (queue, 0), nullptr);
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
    EXPECT_EQ (remove_expired (queue, 99), nullptr);
    EXPECT_EQ (remove_expired (queue, 100), &a);
    EXPECT_EQ (remove_expired (queue, 100), nullptr);
    EXPECT_EQ (remove_expired (queue, 500), &b);
}

TEST_F (TimeoutQueue, ExpiryFollowsTheClockAroundItsEnd)
{
    queue.insert (a, 2);
    EXPECT_EQ (remove_expired (queue, 0xFFFFFFFF), nullptr);
    EXPECT_EQ (remove_expired (queue, 3), &a);
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
    b.timeout.place = 1;
    EXPECT_FALSE (queue.consistent ());
    b.timeout.place = 2;
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

TEST_F (TimeoutQueue, TheFirstCanBePostponed)
{
    queue.insert (a, 10);
    queue.insert (b, 20);
    queue.postpone_first (15);
    EXPECT_EQ (queue.first (), &a);
    queue.postpone_first (25);
    EXPECT_EQ (drain (queue), (std::vector<Tick> { 20, 25 }));
}

TEST_F (TimeoutQueue, ManyLeaveInOrder)
{
    std::vector<Thread> threads (std::size (places));
    for (std::size_t i = 0; i < threads.size (); ++i)
        queue.insert (threads[i], static_cast<Tick> (i * 7919 % threads.size ()));
    EXPECT_TRUE (queue.consistent ());
    std::vector<Tick> const order = drain (queue);
    EXPECT_EQ (order.size (), threads.size ());
    EXPECT_TRUE (std::is_sorted (order.begin (), order.end ()));
}

/// The model: a sorted vector of (deadline relative to now, number).
TEST (TimeoutQueueProperty, BehavesLikeASortedVector)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<Thread> threads (64);
    std::vector<Tick> model;
    Thread* places[64] {};
    Queue queue;
    queue.use (places);
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
        } else if (thread.number == 0 && &thread == queue.first ()) {
            model.erase (model.begin ());
            queue.postpone_first (thread.timeout.deadline + 1);
            Tick const deadline = thread.timeout.deadline;
            model.insert (std::upper_bound (model.begin (), model.end (), deadline, earlier),
                          deadline);
        } else {
            ++now;
            while (Thread* const expired = remove_expired (queue, now)) {
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
