// SPDX-License-Identifier: BSD-2-Clause
#include <core/ready_queue.hpp>

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <type_traits>
#include <vector>

namespace {

struct Thread {
    int number { 0 };
    kernel::ReadyLink<Thread> ready {};
};

using Queue = kernel::ReadyQueue<Thread, &Thread::ready>;

static_assert (std::is_standard_layout_v<Thread>);
static_assert (std::is_trivially_destructible_v<Queue>);

struct ReadyQueue : testing::Test {
    Thread a { 1 }, b { 2 }, c { 3 };
    Queue queue;

    void TearDown () override { EXPECT_TRUE (queue.consistent ()); }
};

}  // namespace

TEST_F (ReadyQueue, ANewQueueIsEmpty)
{
    EXPECT_TRUE (queue.is_empty ());
    EXPECT_EQ (queue.first (), nullptr);
}

TEST_F (ReadyQueue, TheHighestPriorityComesFirst)
{
    queue.enqueue_tail (a, 10);
    queue.enqueue_tail (b, 200);
    queue.enqueue_tail (c, 31);
    EXPECT_EQ (queue.first (), &b);
    queue.remove (b);
    EXPECT_EQ (queue.first (), &c);
    queue.remove (c);
    EXPECT_EQ (queue.first (), &a);
}

TEST_F (ReadyQueue, EqualPrioritiesAreFirstComeFirstServed)
{
    queue.enqueue_tail (a, 5);
    queue.enqueue_tail (b, 5);
    EXPECT_EQ (queue.first (), &a);
    queue.remove (a);
    EXPECT_EQ (queue.first (), &b);
}

TEST_F (ReadyQueue, TheHeadComesBeforeItsEquals)
{
    queue.enqueue_tail (a, 5);
    queue.enqueue_head (b, 5);
    EXPECT_EQ (queue.first (), &b);
}

TEST_F (ReadyQueue, RotationTakesTurns)
{
    for (auto* thread : { &a, &b, &c })
        queue.enqueue_tail (*thread, 0);
    for (auto* expected : { &a, &b, &c, &a }) {
        EXPECT_EQ (queue.first (), expected);
        queue.rotate (*expected);
    }
}

TEST_F (ReadyQueue, RotatingALonelyThreadChangesNothing)
{
    queue.enqueue_tail (a, 255);
    queue.rotate (a);
    EXPECT_EQ (queue.first (), &a);
}

TEST_F (ReadyQueue, EachPriorityWorksAlone)
{
    for (unsigned priority = 0; priority < 256; ++priority) {
        queue.enqueue_tail (a, priority);
        EXPECT_EQ (queue.first (), &a);
        EXPECT_TRUE (queue.consistent ());
        queue.remove (a);
        EXPECT_TRUE (queue.is_empty ());
    }
}

TEST_F (ReadyQueue, AThreadKnowsWhetherItIsQueued)
{
    EXPECT_FALSE (Queue::is_queued (a));
    queue.enqueue_tail (a, 1);
    EXPECT_TRUE (Queue::is_queued (a));
    queue.remove (a);
    EXPECT_FALSE (Queue::is_queued (a));
}

TEST_F (ReadyQueue, MisuseIsABug)
{
    EXPECT_THROW (queue.remove (a), AssertionFailed);
    EXPECT_THROW (queue.enqueue_tail (a, 256), AssertionFailed);
    queue.enqueue_tail (a, 1);
    queue.enqueue_tail (b, 1);
    EXPECT_THROW (queue.enqueue_tail (a, 2), AssertionFailed);
    EXPECT_THROW (queue.rotate (b), AssertionFailed);
}

TEST_F (ReadyQueue, DamageIsNoticed)
{
    queue.enqueue_tail (a, 1);
    queue.enqueue_tail (b, 1);
    a.ready.priority = 2;
    EXPECT_FALSE (queue.consistent ());
    a.ready.priority = 1;
    b.ready.previous = &b;
    EXPECT_FALSE (queue.consistent ());
    b.ready.previous = &a;
}

/// The model: a queue of thread numbers per priority.
class Model {
public:
    void add (int number, unsigned priority, bool at_head)
    {
        where_[number] = priority;
        auto& ring = rings_[priority];
        if (at_head)
            ring.push_front (number);
        else
            ring.push_back (number);
    }

    void remove (int number)
    {
        auto& ring = rings_[where_[number]];
        std::erase (ring, number);
        if (ring.empty ())
            rings_.erase (where_[number]);
    }

    void rotate ()
    {
        auto& ring = rings_.rbegin ()->second;
        ring.push_back (ring.front ());
        ring.pop_front ();
    }

    [[nodiscard]] int first () const
    {
        return rings_.empty () ? -1 : rings_.rbegin ()->second.front ();
    }

private:
    std::map<unsigned, std::deque<int>> rings_;
    std::map<int, unsigned> where_;
};

TEST (ReadyQueueProperty, BehavesLikeAMapOfQueues)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<Thread> threads (24);
    for (int i = 0; i < 24; ++i)
        threads[i].number = i;
    Queue queue;
    Model model;
    for (int step = 0; step < 5000; ++step) {
        auto& thread = threads[random.below (24)];
        if (!Queue::is_queued (thread)) {
            unsigned const priority = random.one_in (2) ? random.below (256) : random.below (4);
            bool const at_head = random.one_in (4);
            at_head ? queue.enqueue_head (thread, priority)
                    : queue.enqueue_tail (thread, priority);
            model.add (thread.number, priority, at_head);
        } else if (random.one_in (3)) {
            queue.rotate (*queue.first ());
            model.rotate ();
        } else {
            queue.remove (thread);
            model.remove (thread.number);
        }
        ASSERT_TRUE (queue.consistent ()) << "step " << step;
        ASSERT_EQ (queue.first () == nullptr ? -1 : queue.first ()->number, model.first ())
            << "step " << step;
    }
}
