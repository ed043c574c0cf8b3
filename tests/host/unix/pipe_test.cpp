// SPDX-License-Identifier: BSD-2-Clause
/// @file  The ring of a pipe against a string, and descriptor tables.
#include <support/random.hpp>

#include <unix/io/descriptors.hpp>
#include <unix/io/pipe.hpp>

#include "files.hpp"

using namespace unix_server;

namespace {

class UnixPipe : public FilesTest {
protected:
    /// Put bytes in, as a writer does. @pre there is room
    bool put (std::string_view text)
    {
        if (!ring.reserve (static_cast<Word> (text.size ()), budget))
            return false;
        while (!text.empty ()) {
            auto const place = ring.back ();
            std::size_t const part = std::min (place.size (), text.size ());
            text.copy (reinterpret_cast<char*> (place.data ()), part);
            ring.push (static_cast<Word> (part));
            text.remove_prefix (part);
        }
        return true;
    }
    std::string take (std::size_t size)
    {
        std::string text;
        while (text.size () < size && ring.size () != 0) {
            auto const bytes = ring.front ();
            std::size_t const part = std::min (bytes.size (), size - text.size ());
            text.append (reinterpret_cast<char const*> (bytes.data ()), part);
            ring.pop (static_cast<Word> (part));
        }
        return text;
    }

    PipeRing ring {};
    FrameBudget budget { frames, 100 };
};

TEST_F (UnixPipe, GivesBackWhatWasPutIn)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    std::string model;
    char next = 'a';
    for (int step = 0; step < 5000; ++step) {
        Word const size = random.below (random.one_in (10) ? PipeRing::capacity : 6000);
        if (random.one_in (2)) {
            std::string text (std::min (size, ring.room ()), '\0');
            for (char& c : text)
                c = next = next == 'z' ? 'a' : static_cast<char> (next + 1);
            ASSERT_TRUE (put (text));
            model += text;
        } else {
            std::string const expected = model.substr (0, size);
            ASSERT_EQ (take (size), expected);
            model.erase (0, size);
        }
        ASSERT_EQ (ring.size (), model.size ());
        ASSERT_EQ (ring.room (), PipeRing::capacity - model.size ());
        ASSERT_LE (budget.used (), PipeRing::most_frames);
    }
    ring.give_back (budget);
    EXPECT_EQ (budget.used (), 0u);
    EXPECT_EQ (ring.size (), 0u);
}

TEST_F (UnixPipe, ShortMessagesStayInOneFrame)
{
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_TRUE (put ("message"));
        ASSERT_EQ (take (7), "message");
    }
    EXPECT_EQ (budget.used (), 1u);
}

TEST_F (UnixPipe, TakesNothingWithoutMemory)
{
    budget = { frames, 2 };
    EXPECT_TRUE (put (std::string (8000, 'x')));
    EXPECT_FALSE (put (std::string (400, 'y')));
    EXPECT_EQ (ring.size (), 8000u);
    EXPECT_TRUE (put (std::string (192, 'y')));
    EXPECT_EQ (take (9000), std::string (8000, 'x') + std::string (192, 'y'));
}

TEST (UnixDescriptors, AreTheLowestThatAreFree)
{
    Descriptors table;
    OpenFile file;
    EXPECT_EQ (table.find (0), nullptr);
    EXPECT_EQ (table.find (Descriptors::capacity), nullptr);
    EXPECT_EQ (table.find_free (0), Word { 0 });
    for (Word n : { 0, 1, 2, 4 })
        EXPECT_EQ (table.set (n, &file, false), nullptr);
    EXPECT_EQ (table.find_free (0), Word { 3 });
    EXPECT_EQ (table.find_free (4), Word { 5 });
    EXPECT_EQ (table.set (1, nullptr, false), &file);
    EXPECT_EQ (table.find_free (0), Word { 1 });
    for (Word n = 0; n < Descriptors::capacity; ++n)
        table.set (n, &file, false);
    EXPECT_EQ (table.find_free (0), Errno::too_many_files);
    EXPECT_EQ (table.find_free (Descriptors::capacity), Errno::invalid);
}

TEST (UnixDescriptors, KnowWhichAreClosedByExec)
{
    Descriptors table;
    OpenFile file;
    for (Word n = 0; n < Descriptors::capacity; ++n)
        table.set (n, &file, n % 3 == 0);
    for (Word n = 0; n < Descriptors::capacity; ++n)
        EXPECT_EQ (table.close_on_exec (n), n % 3 == 0) << n;
    table.set_close_on_exec (33, false);
    table.set_close_on_exec (34, true);
    EXPECT_FALSE (table.close_on_exec (33));
    EXPECT_TRUE (table.close_on_exec (34));
    table.set (34, &file, false);
    EXPECT_FALSE (table.close_on_exec (34)) << "a new one begins anew";
}

TEST (UnixDescriptors, AreSharedWithAChild)
{
    Descriptors table;
    OpenFile a;
    OpenFile b;
    a.uses = b.uses = 1;
    table.set (0, &a, false);
    table.set (7, &a, true);
    table.set (9, &b, false);
    Descriptors const child = table.share ();
    EXPECT_EQ (a.uses, 3u);
    EXPECT_EQ (b.uses, 2u);
    EXPECT_EQ (child.find (7), &a);
    EXPECT_TRUE (child.close_on_exec (7));
    EXPECT_EQ (child.find (8), nullptr);
}

}  // namespace
