// SPDX-License-Identifier: BSD-2-Clause
#include <lib/intrusive_list.hpp>

#include <support/assertion.hpp>
#include <support/random.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <type_traits>
#include <vector>

namespace {

struct Item {
    int number { 0 };
    lib::Link link {};
    char between { 'x' };
    lib::Link other {};
};

using Items = lib::List<Item, &Item::link>;
using Others = lib::List<Item, &Item::other>;

static_assert (std::is_standard_layout_v<Item> && std::is_standard_layout_v<Items>);

template <typename L>
std::vector<int> numbers (L const& list)
{
    std::vector<int> result;
    for (Item const& item : list)
        result.push_back (item.number);
    return result;
}

struct ThreeItems : testing::Test {
    Item a { 1 }, b { 2 }, c { 3 };
    Items list;
};

}  // namespace

TEST_F (ThreeItems, ANewListIsEmpty)
{
    EXPECT_TRUE (list.is_empty () && list.consistent ());
    EXPECT_EQ (list.first (), nullptr);
    EXPECT_EQ (list.last (), nullptr);
    EXPECT_EQ (list.pop_front (), nullptr);
}

TEST_F (ThreeItems, PushingAtBothEndsKeepsTheOrder)
{
    list.push_back (b);
    list.push_back (c);
    list.push_front (a);
    EXPECT_EQ (numbers (list), (std::vector { 1, 2, 3 }));
    EXPECT_EQ (list.first (), &a);
    EXPECT_EQ (list.last (), &c);
    EXPECT_EQ (list.next (a), &b);
    EXPECT_EQ (list.next (c), nullptr);
}

TEST_F (ThreeItems, InsertsBeforeAnItem)
{
    list.push_back (a);
    list.push_back (c);
    list.insert_before (c, b);
    EXPECT_EQ (numbers (list), (std::vector { 1, 2, 3 }));
}

TEST_F (ThreeItems, RemovesFromTheMiddle)
{
    for (auto* item : { &a, &b, &c })
        list.push_back (*item);
    list.remove (b);
    EXPECT_EQ (numbers (list), (std::vector { 1, 3 }));
    EXPECT_FALSE (b.link.is_linked ());
    EXPECT_TRUE (list.consistent ());
}

TEST_F (ThreeItems, PopsInOrder)
{
    list.push_back (a);
    list.push_back (b);
    EXPECT_EQ (list.pop_front (), &a);
    EXPECT_EQ (list.pop_front (), &b);
    EXPECT_TRUE (list.is_empty ());
}

TEST_F (ThreeItems, AnItemMayBeInOneListPerLink)
{
    Others others;
    list.push_back (a);
    list.push_back (b);
    others.push_back (b);
    others.push_back (a);
    EXPECT_EQ (numbers (list), (std::vector { 1, 2 }));
    EXPECT_EQ (numbers (others), (std::vector { 2, 1 }));
}

TEST_F (ThreeItems, RemovingAStrangerIsABug)
{
    EXPECT_THROW (list.remove (a), AssertionFailed);
}

TEST_F (ThreeItems, InsertingTwiceIsABug)
{
    list.push_back (a);
    EXPECT_THROW (list.push_back (a), AssertionFailed);
}

TEST_F (ThreeItems, ADamagedLinkIsNoticed)
{
    list.push_back (a);
    list.push_back (b);
    b.link.previous = &b.link;
    EXPECT_FALSE (list.consistent ());
}

TEST (IntrusiveList, BehavesLikeADequeUnderRandomOperations)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::vector<Item> items (20);
    for (int i = 0; i < 20; ++i)
        items[i].number = i;
    Items list;
    std::deque<int> model;
    for (int step = 0; step < 20000; ++step) {
        auto& item = items[random.below (20)];
        auto const found = std::find (model.begin (), model.end (), item.number);
        if (found != model.end ()) {
            list.remove (item);
            model.erase (found);
        } else if (random.one_in (2)) {
            list.push_back (item);
            model.push_back (item.number);
        } else {
            list.push_front (item);
            model.push_front (item.number);
        }
        ASSERT_TRUE (list.consistent ());
        ASSERT_EQ (numbers (list), std::vector<int> (model.begin (), model.end ()));
    }
}
