// SPDX-License-Identifier: BSD-2-Clause
/// @file  Pages of files against a map, and content: in the archive, in pages, in holes.
#include <map>

#include <support/random.hpp>

#include "files.hpp"

using namespace unix_server;

namespace {

using PageTreeTest = FilesTest;

TEST_F (PageTreeTest, IsAsHighAsNeeded)
{
    PageTree tree;
    FrameBudget budget { frames, 100 };
    EXPECT_EQ (tree.find (0), 0u);
    Address const first = tree.make (0, budget);
    EXPECT_EQ (budget.used (), 1u) << "one page, no table";
    EXPECT_EQ (tree.find (0), first);
    EXPECT_EQ (tree.find (1), 0u);
    Address const far = tree.make (PageTree::most_pages - 1, budget);
    EXPECT_EQ (budget.used (), 5u) << "two pages, three tables";
    EXPECT_EQ (tree.find (0), first);
    EXPECT_EQ (tree.find (PageTree::most_pages - 1), far);
    EXPECT_EQ (tree.count (), 2u);
    tree.cut (1, budget);
    EXPECT_EQ (tree.find (0), first);
    EXPECT_EQ (tree.find (PageTree::most_pages - 1), 0u);
    tree.cut (0, budget);
    EXPECT_EQ (budget.used (), 0u);
    EXPECT_EQ (tree.count (), 0u);
}

TEST_F (PageTreeTest, FailsWithoutMemoryAndLosesNothing)
{
    for (Word most = 0; most < 6; ++most) {
        PageTree tree;
        FrameBudget budget { frames, most };
        Address const first = tree.make (0, budget);
        Address const far = tree.make (2000, budget);
        EXPECT_EQ (first != 0, most >= 1);
        EXPECT_EQ (far != 0, most >= 5) << most;
        EXPECT_EQ (tree.find (0), first);
        EXPECT_EQ (tree.find (2000), far);
        tree.cut (0, budget);
        EXPECT_EQ (budget.used (), 0u);
    }
}

TEST_F (PageTreeTest, IsAMap)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int round = 0; round < 200; ++round) {
        PageTree tree;
        FrameBudget budget { frames, 1 + random.below (60) };
        std::map<Word, Address> model;
        for (int step = 0; step < 60; ++step) {
            Word const page = random.below (random.one_in (2) ? 8 : random.one_in (2) ? 3000
                                                                      : PageTree::most_pages);
            if (random.one_in (8)) {
                tree.cut (page, budget);
                model.erase (model.lower_bound (page), model.end ());
            } else if (Address const frame = tree.make (page, budget); frame != 0) {
                EXPECT_TRUE (!model.contains (page) || model[page] == frame);
                model[page] = frame;
            }
            EXPECT_EQ (tree.count (), model.size ());
            for (auto const& [number, frame] : model)
                ASSERT_EQ (tree.find (number), frame) << number;
            EXPECT_EQ (tree.find (page) != 0, model.contains (page));
        }
        tree.cut (0, budget);
        EXPECT_EQ (budget.used (), 0u);
    }
}

TEST_F (PageTreeTest, ContentIsAString)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    for (int round = 0; round < 100; ++round) {
        std::string origin (random.below (3 * l4::page_size), '\0');
        for (char& c : origin)
            c = static_cast<char> ('a' + random.below (26));
        Node node;
        node.mode = mode::regular;
        node.origin = std::as_bytes (std::span { origin });
        node.size = static_cast<Word> (origin.size ());
        std::string model = origin;
        FrameBudget budget { frames, 4 + random.below (8) };
        for (int step = 0; step < 40; ++step) {
            Word const offset = random.below (5 * l4::page_size);
            if (random.one_in (4)) {
                resize (node, offset, budget);
                model.resize (offset);
            } else {
                std::string const text (random.below (2 * l4::page_size),
                                        static_cast<char> ('A' + random.below (26)));
                Word const size = static_cast<Word> (text.size ());
                Word const done = write_content (node, offset, text.data (), size, budget);
                if (done != 0 && offset + done > model.size ())
                    model.resize (offset + done);
                model.replace (offset < model.size () ? offset : 0, done, text, 0, done);
                EXPECT_TRUE (done == size || budget.available () == 0);
            }
            ASSERT_EQ (node.size, model.size ());
            ASSERT_EQ (read (node), model);
        }
        resize (node, 0, budget);
        EXPECT_EQ (budget.used (), 0u);
        EXPECT_TRUE (node.origin.empty ());
    }
}

}  // namespace
