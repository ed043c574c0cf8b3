// SPDX-License-Identifier: BSD-2-Clause
/// @file  The relation of clans in random trees of tasks, against a model that knows whole paths.
#include <core/clan_rules.hpp>
#include <core/task_table.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <support/random.hpp>

namespace {

using kernel::clan::Hop;
using l4::Nearest;
using l4::ThreadId;
using l4::Word;

namespace task_table = kernel::task_table;

/// Anything but null makes a number active.
kernel::Space* some_space ()
{
    static int nothing;
    return reinterpret_cast<kernel::Space*> (&nothing);
}

/// Tasks that were created under random chiefs, and inactive numbers that belong to some of them.
class Tree {
public:
    explicit Tree (Random& random)
    {
        add (l4::root_task, 0);
        add (l4::sigma0_task, l4::root_task);
        for (Word number = l4::first_free_task; number < l4::first_free_task + numbers; ++number) {
            bool const deep = random.below (3) != 0;
            Word chief = deep ? active_.back () : any_active (random);
            if (chief == l4::sigma0_task || nest_[chief] == deepest)
                chief = l4::root_task;
            task_table::set_chief (number, chief);
            chief_[number] = chief;
            nest_[number] = chief == l4::root_task ? 0 : nest_[chief] + 1;
            if (random.below (4) != 0) {
                task_table::set_space (number, some_space ());
                active_.push_back (number);
            }
        }
    }
    ~Tree ()
    {
        for (Word number : active_)
            if (number >= l4::first_free_task)
                task_table::set_space (number, nullptr);
    }
    Tree (Tree const&) = delete;
    Tree& operator= (Tree const&) = delete;

    [[nodiscard]] ThreadId id (Word number, Word lthread = 0) const
    {
        return ThreadId::make ({ number, lthread, 0, chief_[number], nest_[number], 0 });
    }

    /// The task itself, its chief, and so on up to the root task.
    [[nodiscard]] std::vector<Word> path (Word number) const
    {
        std::vector<Word> way;
        for (; number != 0; number = chief_[number])
            way.push_back (number);
        return way;
    }

    /// Whether `above` is a chief of `number`, directly or not.
    [[nodiscard]] bool is_above (Word above, Word number) const
    {
        auto const way = path (number);
        return std::find (way.begin () + 1, way.end (), above) != way.end ();
    }

    /// The member of `above`'s clan on the way to `number`, which lies inside it.
    [[nodiscard]] Word member_towards (Word above, Word number) const
    {
        auto const way = path (number);
        return *(std::find (way.begin (), way.end (), above) - 1);
    }

    [[nodiscard]] Hop first_hop (Word from, Word to) const
    {
        Word const chief = chief_[from];
        if (to == from || to == chief || chief_[to] == chief || chief_[to] == from)
            return { Nearest::same_clan, to };
        if (is_above (from, to))
            return { Nearest::inner_clan, member_towards (from, to) };
        if (chief != 0 && is_above (chief, to))
            return { Nearest::inner_clan, member_towards (chief, to) };
        return { Nearest::outside, chief };
    }

    [[nodiscard]] Word any (Random& random) const
    {
        return l4::first_free_task + random.below (numbers);
    }
    [[nodiscard]] Word any_active (Random& random) const
    {
        return active_[random.below (static_cast<Word> (active_.size ()))];
    }

private:
    static constexpr Word numbers = 120;
    static constexpr Word deepest = ThreadId::Nest::max;

    void add (Word number, Word chief)
    {
        chief_[number] = chief;
        active_.push_back (number);
    }

    Word chief_[ThreadId::tasks] {};
    Word nest_[ThreadId::tasks] {};
    std::vector<Word> active_;
};

class ClanTest : public testing::Test {
protected:
    static void SetUpTestSuite ()
    {
        task_table::initialise ();
        task_table::set_space (l4::root_task, some_space ());
        task_table::set_space (l4::sigma0_task, some_space ());
    }

    static constexpr unsigned trees = 60;
    static constexpr unsigned pairs = 400;
    Random random;
};

TEST_F (ClanTest, FirstHopIsThatOfTheModel)
{
    SCOPED_TRACE (random.replay ());
    unsigned seen[3] {};
    for (unsigned t = 0; t < trees; ++t) {
        Tree const tree { random };
        ASSERT_TRUE (task_table::consistent ());
        for (unsigned p = 0; p < pairs; ++p) {
            Word const from = tree.any_active (random);
            Word const to = tree.any (random);
            Hop const expected = tree.first_hop (from, to);
            Hop const hop = kernel::clan::first_hop (tree.id (from, 3), tree.id (to, 5),
                                                     task_table::chief);
            ASSERT_EQ (hop.type, expected.type) << from << " to " << to;
            ASSERT_EQ (hop.task, expected.task) << from << " to " << to;
            ++seen[expected.type == Nearest::same_clan ? 0
                   : expected.type == Nearest::outside ? 1
                                                       : 2];
        }
    }
    for (unsigned count : seen)
        EXPECT_GT (count, trees);
}

TEST_F (ClanTest, HopByHopAMessageArrives)
{
    SCOPED_TRACE (random.replay ());
    for (unsigned t = 0; t < trees; ++t) {
        Tree const tree { random };
        Word const to = tree.any_active (random);
        Word at = tree.any_active (random);
        if (tree.is_above (at, to) || at == l4::root_task || to == l4::root_task)
            continue;
        unsigned hops = 0;
        for (; at != to; ++hops) {
            ASSERT_LE (hops, 2 * kernel::clan::longest_chain);
            at = kernel::clan::first_hop (tree.id (at), tree.id (to), task_table::chief).task;
        }
    }
}

TEST_F (ClanTest, InsideIsBelow)
{
    SCOPED_TRACE (random.replay ());
    for (unsigned t = 0; t < trees; ++t) {
        Tree const tree { random };
        for (unsigned p = 0; p < pairs; ++p) {
            Word const chief = tree.any_active (random);
            Word const member = tree.any (random);
            ASSERT_EQ (kernel::clan::is_inside (chief, tree.id (member), task_table::chief),
                       tree.is_above (chief, member))
                << member << " in the clan of " << chief;
        }
    }
}

TEST_F (ClanTest, DeceitIsGrantedIfTheMessageWouldPassTheDeceiver)
{
    SCOPED_TRACE (random.replay ());
    unsigned granted = 0;
    for (unsigned t = 0; t < trees; ++t) {
        Tree const tree { random };
        for (unsigned p = 0; p < pairs; ++p) {
            Word const chief = tree.any_active (random);
            Word const source = tree.any (random);
            Word const destination = tree.any (random);
            bool const crosses
                = tree.is_above (chief, source) != tree.is_above (chief, destination);
            ASSERT_EQ (kernel::clan::preserves_direction (chief, tree.id (source),
                                                          tree.id (destination),
                                                          task_table::chief),
                       crosses);
            granted += crosses;
        }
    }
    EXPECT_GT (granted, trees);
}

TEST_F (ClanTest, TheDeepestChainIsWalkedToItsEnd)
{
    // 16 tasks below each other, of nest 0 to 15, and an inactive number of the last.
    constexpr Word first = l4::first_free_task;
    constexpr Word last = first + ThreadId::Nest::max;
    for (Word n = first; n <= last + 1; ++n) {
        task_table::set_chief (n, n == first ? l4::root_task : n - 1);
        if (n <= last)
            task_table::set_space (n, some_space ());
    }
    ThreadId const below = ThreadId::make ({ last + 2, 0, 0, last + 1, 0, 0 });
    EXPECT_TRUE (kernel::clan::is_inside (l4::root_task, below, task_table::chief));
    Hop const from_sigma0 = kernel::clan::first_hop (l4::sigma0_id, below, task_table::chief);
    EXPECT_EQ (from_sigma0.type, Nearest::inner_clan);
    EXPECT_EQ (from_sigma0.task, first);
    Hop const from_root = kernel::clan::first_hop (l4::root_id, below, task_table::chief);
    EXPECT_EQ (from_root.task, first);
    for (Word n = first; n <= last; ++n)
        task_table::set_space (n, nullptr);
}

}  // namespace
