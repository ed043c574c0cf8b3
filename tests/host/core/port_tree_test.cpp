// SPDX-License-Identifier: BSD-2-Clause
#include <core/port_tree.hpp>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include <support/random.hpp>

namespace {

using kernel::PortLink;
using kernel::PortScope;
using l4::Word;

constexpr Word port = 0x3F8;

struct Holders {
    std::map<Word, PortLink> links;
    std::vector<Word> losers;

    PortLink& link (Word task, Word asked)
    {
        EXPECT_EQ (asked, port);
        return links[task];
    }
    void lose (Word task, Word) { losers.push_back (task); }
};

using Tree = kernel::PortTree<Holders>;
using Result = Tree::Result;

constexpr Word root = Tree::root;
constexpr Word a = 5, b = 6, c = 7, d = 8;

struct PortTreeTest : testing::Test {
    Holders holders;
    Tree tree { holders, port };

    // To their ends.
    void revoke (Word task, PortScope scope)
    {
        while (!tree.revoke (task, scope))
            EXPECT_TRUE (tree.consistent ());
    }
    Result map (Word from, Word to)
    {
        Result result = tree.map (from, to);
        while (result == Result::progress)
            result = tree.map (from, to);
        return result;
    }
    Result grant (Word from, Word to)
    {
        Result result = tree.grant (from, to);
        while (result == Result::progress)
            result = tree.grant (from, to);
        return result;
    }

    std::set<Word> having ()
    {
        std::set<Word> result;
        for (auto const& [task, link] : holders.links)
            if (task != root && link.depth () != 0)
                result.insert (task);
        EXPECT_TRUE (tree.consistent ());
        return result;
    }
    void chain (std::initializer_list<Word> tasks)
    {
        Word from = root;
        for (Word to : tasks) {
            ASSERT_EQ (map (from, to), Result::entered);
            from = to;
        }
    }
};

using Set = std::set<Word>;

TEST_F (PortTreeTest, WhatIsMappedComesFromTheRoot)
{
    EXPECT_TRUE (tree.has (root));
    EXPECT_FALSE (tree.has (a));
    chain ({ a, b });
    EXPECT_EQ (having (), (Set { a, b }));
}

TEST_F (PortTreeTest, RevokingTakesItFromAllBelow)
{
    chain ({ a, b, c });
    map (a, d);
    revoke (a, PortScope::below);
    EXPECT_EQ (having (), (Set { a }));
    EXPECT_EQ (holders.losers.size (), 3u);
}

TEST_F (PortTreeTest, RevokingLeavesSiblingsAndThoseAbove)
{
    chain ({ a, b, c });
    map (a, d);
    revoke (b, PortScope::self_too);
    EXPECT_EQ (having (), (Set { a, d }));
}

TEST_F (PortTreeTest, TheRootCanTakeEverythingAndKeepsItself)
{
    chain ({ a, b });
    map (root, c);
    revoke (root, PortScope::self_too);
    EXPECT_EQ (having (), Set {});
    EXPECT_TRUE (tree.has (root));
    chain ({ a });
}

TEST_F (PortTreeTest, MappingAgainFromTheSameTaskKeepsWhatHangsBelow)
{
    chain ({ a, b, c });
    EXPECT_EQ (map (a, b), Result::entered);
    EXPECT_EQ (having (), (Set { a, b, c }));
    EXPECT_TRUE (holders.losers.empty ());
}

TEST_F (PortTreeTest, MappingFromElsewhereReplacesTheOldBranch)
{
    chain ({ a, b, c });
    EXPECT_EQ (map (root, b), Result::entered);
    EXPECT_EQ (having (), (Set { a, b }));
    revoke (a, PortScope::self_too);
    EXPECT_EQ (having (), (Set { b }));
}

TEST_F (PortTreeTest, NobodyBecomesItsOwnDescendant)
{
    chain ({ a, b, c });
    EXPECT_EQ (map (c, a), Result::unchanged);
    EXPECT_EQ (grant (c, a), Result::unchanged);
    EXPECT_EQ (having (), (Set { a, b, c }));
}

TEST_F (PortTreeTest, TheReceiverOfAGrantTakesTheGrantersPlace)
{
    chain ({ a, b, c });
    EXPECT_EQ (grant (b, d), Result::entered);
    EXPECT_EQ (having (), (Set { a, c, d }));
    EXPECT_EQ (holders.losers, std::vector<Word> { b });
    revoke (d, PortScope::below);
    EXPECT_EQ (having (), (Set { a, d }));
    revoke (a, PortScope::below);
    EXPECT_EQ (having (), (Set { a }));
}

TEST_F (PortTreeTest, AGrantToTheOwnChildReplacesTheChild)
{
    chain ({ a, b, c });
    EXPECT_EQ (grant (a, b), Result::entered);
    EXPECT_EQ (having (), (Set { b }));
}

TEST_F (PortTreeTest, TheRootGrantsByMapping)
{
    EXPECT_EQ (grant (root, a), Result::entered);
    EXPECT_TRUE (tree.has (root));
    EXPECT_EQ (having (), (Set { a }));
}

TEST_F (PortTreeTest, HoldersAreLimited)
{
    Word from = root;
    for (Word n = 0; n < Tree::most_holders; ++n, from = n + 9)     // the deepest chain
        ASSERT_EQ (map (from, n + 10), Result::entered);
    EXPECT_EQ (map (root, a), Result::full);
    EXPECT_EQ (grant (10, a), Result::entered);
    EXPECT_EQ (having ().size (), Tree::most_holders);
    revoke (a, PortScope::self_too);
    EXPECT_EQ (having (), Set {});
    EXPECT_EQ (map (root, a), Result::entered);
}

TEST_F (PortTreeTest, StepsAreShortWhateverHangsBelow)
{
    Word from = root;
    for (Word n = 0; n < Tree::most_holders; ++n, from = n + 9)
        ASSERT_EQ (map (from, n + 10), Result::entered);
    std::size_t left = Tree::most_holders;
    while (!tree.revoke (root, PortScope::below)) {
        EXPECT_EQ (left - having ().size (), Tree::taken_at_once);
        left = having ().size ();
    }
    EXPECT_LE (left, Tree::taken_at_once);
    EXPECT_EQ (having (), Set {});
}

TEST_F (PortTreeTest, BetweenTwoStepsTheDeepestStillMap)
{
    Word from = root;
    for (Word n = 0; n < Tree::most_holders; ++n, from = n + 9)
        ASSERT_EQ (map (from, n + 10), Result::entered);
    EXPECT_FALSE (tree.revoke (10, PortScope::below));
    EXPECT_EQ (map (from, a), Result::full);            // deeper than can be told
    EXPECT_EQ (map (from - 1, a), Result::entered);
    EXPECT_EQ (map (10, b), Result::entered);
    revoke (10, PortScope::below);
    EXPECT_EQ (having (), Set { 10 });
}

/// The plainest description of the same: each holder knows whom it has the port from.
struct Model {
    std::map<Word, Word> parent;

    bool has (Word task) const { return task == root || parent.contains (task); }
    bool is_above (Word above, Word below) const
    {
        while (below != root) {
            below = parent.at (below);
            if (below == above)
                return true;
        }
        return false;
    }
    void revoke (Word task, PortScope scope)
    {
        for (auto const& copy = std::map { parent }; auto const& [child, above] : copy)
            if (above == task && parent.contains (child))
                revoke (child, PortScope::self_too);
        if (scope == PortScope::self_too && task != root)
            parent.erase (task);
    }
    Result map (Word from, Word to)
    {
        if (has (to)) {
            if (is_above (to, from))
                return Result::unchanged;
            if (parent[to] == from)
                return Result::entered;
            revoke (to, PortScope::self_too);
        }
        if (parent.size () == Tree::most_holders)
            return Result::full;
        parent[to] = from;
        return Result::entered;
    }
    Result grant (Word from, Word to)
    {
        if (from == root)
            return map (from, to);
        if (has (to)) {
            if (is_above (to, from))
                return Result::unchanged;
            revoke (to, PortScope::self_too);
        }
        parent[to] = parent[from];
        parent.erase (from);
        for (auto& [child, above] : parent)
            if (above == from)
                above = to;
        return Result::entered;
    }
};

TEST_F (PortTreeTest, BehavesLikeTheModelUnderRandomOperations)
{
    constexpr Word tasks = 20;
    Random random;
    SCOPED_TRACE (random.replay ());
    Model model;
    for (unsigned n = 0; n < 50'000; ++n) {
        Word const from = root + random.below (tasks), to = root + 1 + random.below (tasks - 1);
        bool const takes_back = random.one_in (4);
        if (from == to || !model.has (from))
            continue;
        if (takes_back) {
            auto const scope = random.one_in (2) ? PortScope::below : PortScope::self_too;
            revoke (from, scope);
            model.revoke (from, scope);
        } else if (random.one_in (3)) {
            ASSERT_EQ (grant (from, to), model.grant (from, to));
        } else {
            ASSERT_EQ (map (from, to), model.map (from, to));
        }
        Set expected;
        for (auto const& [task, above] : model.parent)
            expected.insert (task);
        ASSERT_EQ (having (), expected);
    }
}

}  // namespace
