// SPDX-License-Identifier: BSD-2-Clause
/// @file  The sorted table of deceivers, against a list in order of arrival.
#include <core/deceivers.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include <support/random.hpp>

namespace {

using kernel::Deceivers;
using l4::ThreadId;
using l4::Word;

class DeceiversTest : public testing::Test {
protected:
    void enter (Word lthread, Word receiver, ThreadId source)
    {
        keys[lthread] = { receiver, source.low (), source.high (), ++arrivals };
        table.insert (lthread, key_of);
        waiting.push_back (lthread);
    }

    void leave (Word lthread)
    {
        table.remove (lthread, key_of);
        std::erase (waiting, lthread);
    }

    [[nodiscard]] Word expected (Word receiver, ThreadId source) const
    {
        for (Word lthread : waiting)
            if (keys[lthread].receiver == receiver && keys[lthread].source_low == source.low ()
                && keys[lthread].source_high == source.high ())
                return lthread;
        return Deceivers::none;
    }

    [[nodiscard]] Word find (Word receiver, ThreadId source) const
    {
        return table.find (receiver, source, key_of);
    }

    Deceivers table;
    Deceivers::Key keys[ThreadId::threads_per_task] {};
    std::uint64_t arrivals { 0xFFFF'FFF0 };         // soon beyond a word
    std::vector<Word> waiting;
    std::function<Deceivers::Key (Word)> key_of { [this] (Word n) { return keys[n]; } };
};

TEST_F (DeceiversTest, NobodyIsFoundInAnEmptyTable)
{
    EXPECT_TRUE (table.is_empty ());
    EXPECT_EQ (find (0, ThreadId::nil ()), Deceivers::none);
}

TEST_F (DeceiversTest, BothWordsOfTheNameAndTheReceiverMatter)
{
    enter (7, 0x400, { 5, 6 });
    EXPECT_EQ (find (0x400, { 5, 6 }), 7u);
    EXPECT_EQ (find (0x800, { 5, 6 }), Deceivers::none);
    EXPECT_EQ (find (0x400, { 5, 7 }), Deceivers::none);
    EXPECT_EQ (find (0x400, { 4, 6 }), Deceivers::none);
    EXPECT_EQ (find (0, { 5, 6 }), Deceivers::none);
}

TEST_F (DeceiversTest, AllThreadsOfATaskHaveRoom)
{
    for (Word n = 0; n < ThreadId::threads_per_task; ++n)
        enter (n, 1, { 1, 1 });
    for (Word n = 0; n < ThreadId::threads_per_task; ++n) {
        ASSERT_EQ (find (1, { 1, 1 }), n);
        leave (n);
    }
    EXPECT_TRUE (table.is_empty ());
}

TEST_F (DeceiversTest, TheFirstToArriveIsFound)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    bool inside[ThreadId::threads_per_task] {};
    unsigned found = 0;
    for (unsigned step = 0; step < 20'000; ++step) {
        Word const lthread = random.below (ThreadId::threads_per_task);
        Word const receiver = random.below (4);
        ThreadId const source { random.below (4), random.below (3) };
        if (inside[lthread])
            leave (lthread);
        else
            enter (lthread, receiver, source);
        inside[lthread] = !inside[lthread];
        Word const answer = find (receiver, source);
        ASSERT_EQ (answer, expected (receiver, source)) << "step " << step;
        found += answer != Deceivers::none;
    }
    EXPECT_GT (found, 5'000u);
}

}  // namespace
