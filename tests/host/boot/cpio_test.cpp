// SPDX-License-Identifier: BSD-2-Clause
#include <cpio.hpp>

#include <gtest/gtest.h>
#include <support/random.hpp>

#include "archive.hpp"

using boot::cpio::Member;
using boot::cpio::Reader;

namespace {

std::string text (std::span<std::byte const> bytes)
{
    return { reinterpret_cast<char const*> (bytes.data ()), bytes.size () };
}

/// "name=data" of every member, then the problem if there is one.
std::vector<std::string> all (std::span<std::byte const> bytes)
{
    std::vector<std::string> result;
    Reader reader { bytes };
    for (Member member; reader.next (member);)
        result.push_back (std::string { member.name } + "=" + text (member.data));
    if (reader.problem () != nullptr)
        result.push_back (std::string { "! " } + reader.problem ());
    return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST (Cpio, MembersComeInOrder)
{
    EXPECT_EQ (all (Archive {}.add ("a", "1").add ("dir/bb", "").add ("ccc", "12345").end ()
                        .bytes ()),
               (Strings { "a=1", "dir/bb=", "ccc=12345" }));
}

TEST (Cpio, EveryLengthOfNameAndDataIsPaddedRight)
{
    for (std::size_t name = 1; name < 9; ++name)
        for (std::size_t data = 0; data < 9; ++data) {
            std::string const n (name, 'n');
            std::string const d (data, 'd');
            EXPECT_EQ (all (Archive {}.add (n, d).add ("last", "x").end ().bytes ()),
                       (Strings { n + "=" + d, "last=x" }));
        }
}

TEST (Cpio, OnlyTheTrailerEndsAnArchive)
{
    EXPECT_EQ (all (Archive {}.add ("a", "1").bytes ()), (Strings { "a=1", "! truncated" }));
    EXPECT_EQ (all ({}), (Strings { "! truncated" }));
    EXPECT_EQ (all (Archive {}.end ().bytes ()), Strings {});
}

TEST (Cpio, WhatFollowsTheTrailerIsIgnored)
{
    auto archive = Archive {}.add ("a", "1").end ();
    archive.bytes ().resize (archive.bytes ().size () + 512, std::byte { 0x55 });
    EXPECT_EQ (all (archive.bytes ()), (Strings { "a=1" }));
}

TEST (Cpio, DirectoriesAreNoRegularFiles)
{
    auto archive = Archive {}.add ("dir", "", 0040755).add ("file", "").end ();
    Reader reader { archive.bytes () };
    Member member;
    ASSERT_TRUE (reader.next (member));
    EXPECT_FALSE (member.is_regular_file ());
    ASSERT_TRUE (reader.next (member));
    EXPECT_TRUE (member.is_regular_file ());
}

TEST (Cpio, LowerCaseDigitsAreDigitsToo)
{
    auto archive = Archive {}.add ("a", "0123456789").end ();
    auto& bytes = archive.bytes ();
    ASSERT_EQ (bytes[61], static_cast<std::byte> ('A'));     // the size, 0000000A
    bytes[61] = static_cast<std::byte> ('a');
    EXPECT_EQ (all (bytes), (Strings { "a=0123456789" }));
}

TEST (Cpio, ANameWithoutItsZeroIsDamaged)
{
    auto archive = Archive {}.add ("name", "1").end ();
    archive.bytes ()[110 + 4] = static_cast<std::byte> ('x');
    EXPECT_EQ (all (archive.bytes ()), (Strings { "! damaged member name" }));
}

TEST (Cpio, AfterAProblemThereIsNoNextMember)
{
    auto archive = Archive {}.add ("a", "1").end ();
    archive.bytes ()[0] = std::byte { 0 };
    Reader reader { archive.bytes () };
    Member member;
    EXPECT_FALSE (reader.next (member));
    EXPECT_STREQ (reader.problem (), "damaged member header");
    EXPECT_FALSE (reader.next (member));
}

TEST (Cpio, RecognisesItsMagicOnly)
{
    EXPECT_TRUE (boot::cpio::is_archive (Archive {}.end ().bytes ()));
    EXPECT_FALSE (boot::cpio::is_archive ({}));
    EXPECT_FALSE (boot::cpio::is_archive (std::as_bytes (std::span { "070702" })));
}

TEST (Cpio, EveryTruncationIsNoticed)
{
    auto const whole = Archive {}.add ("name", "some data").add ("b", "more").end ().bytes ();
    // The trailer ends in three bytes of padding that nobody needs.
    for (std::size_t size = 0; size < whole.size () - 3; ++size) {
        std::vector<std::byte> const part { whole.data (), whole.data () + size };
        auto const result = all (part);
        ASSERT_FALSE (result.empty ());
        EXPECT_EQ (result.back (), "! truncated") << size;
    }
}

TEST (Cpio, MutatedArchivesStayInBounds)
{
    Random random;
    SCOPED_TRACE (random.replay ());
    constexpr char digits[] = "0123456789ABCDEFabcdef";
    auto const whole = Archive {}.add ("kernel", "abc").add ("root", "defg").end ().bytes ();
    for (unsigned round = 0; round < 20000; ++round) {
        std::vector<std::byte> bytes { whole };
        for (unsigned i = 1 + random.below (4); i > 0; --i) {
            std::byte& victim = bytes[random.below (bytes.size ())];
            victim = static_cast<std::byte> (random.one_in (2) ? digits[random.below (22)]
                                                              : random.word ());
        }
        if (random.one_in (3)) {
            bytes.resize (random.below (bytes.size ()));
            bytes.shrink_to_fit ();
        }
        Reader reader { bytes };
        unsigned members = 0;
        for (Member member; reader.next (member); ++members) {
            ASSERT_GE (member.data.data (), bytes.data ());
            ASSERT_LE (member.data.data () + member.data.size (), bytes.data () + bytes.size ());
            ASSERT_LT (members, 10u);
            static_cast<void> (text (member.data));      // every byte can be read
            static_cast<void> (std::string { member.name });
        }
    }
}
