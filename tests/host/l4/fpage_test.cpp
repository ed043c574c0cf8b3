// SPDX-License-Identifier: BSD-2-Clause
/// @file  Fpages, exhaustively over a small space, against sets of page numbers.
#include <l4/fpage.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <type_traits>
#include <utility>

using l4::Access;
using l4::Address;
using l4::Fpage;
using l4::Transfer;
using l4::Word;

namespace {

static_assert (std::is_trivially_copyable_v<Fpage> && sizeof (Fpage) == 4);

using Pages = std::set<Word>;
using Mappings = std::set<std::pair<Word, Word>>;      ///< source page, destination page

constexpr unsigned toy_bits = l4::page_bits + 4;       ///< a space of 16 pages
constexpr Word toy_pages = 16;

/// The pages around page `number` in an aligned block of 2^log2_pages pages.
Pages block_around (Word number, unsigned log2_pages)
{
    Pages pages;
    Word const count = 1u << log2_pages;
    for (Word page = number / count * count; page < number / count * count + count; ++page)
        pages.insert (page);
    return pages;
}

Pages pages_of (Fpage fpage)
{
    Pages pages;
    for (std::uint64_t at = 0; at < fpage.size (); at += l4::page_size)
        pages.insert (static_cast<Word> ((fpage.base () + at) / l4::page_size));
    return pages;
}

Mappings mappings_of (l4::Overlap overlap)
{
    Mappings mappings;
    for (Word page = 0; page < 1u << (overlap.bits - l4::page_bits); ++page)
        mappings.emplace (overlap.source / l4::page_size + page,
                          overlap.destination / l4::page_size + page);
    return mappings;
}

Mappings pairs (Pages const& from, Pages const& to)
{
    Mappings mappings;
    for (auto source = from.begin (), destination = to.begin (); source != from.end ();
         ++source, ++destination)
        mappings.emplace (*source, *destination);
    return mappings;
}

/// The hotspot rule by sets: the larger of the two consists of blocks of the smaller one's size,
/// and the one that contains the hotspot, counted from the start of the larger, is used.
Mappings expected_meet (Pages const& send, Word hotspot_page, Pages const& window)
{
    auto const larger = send.size () > window.size () ? send : window;
    Word const spot = *larger.begin () + hotspot_page % static_cast<Word> (larger.size ());
    unsigned log2_smaller = 0;
    while (1u << (log2_smaller + 1) <= std::min (send.size (), window.size ()))
        ++log2_smaller;
    Pages const part = block_around (spot, log2_smaller);
    return send.size () > window.size () ? pairs (part, window) : pairs (send, part);
}

/// Calls `action` with every fpage of the toy space.
template <typename Action>
void for_each_fpage (Action action)
{
    for (unsigned bits = l4::page_bits; bits <= toy_bits; ++bits)
        for (Word page = 0; page < toy_pages; page += 1u << (bits - l4::page_bits))
            action (Fpage::memory (page * l4::page_size, bits));
}

}  // namespace

TEST (Fpage, HasTheWordsOfTheSpecification)
{
    EXPECT_EQ (Fpage::memory (0x00400000, 12).raw (), 0x00400032u);
    EXPECT_EQ (Fpage::memory (0x00800000, 22).raw (), 0x0080005Au);
    EXPECT_EQ (Fpage::memory (0x5000, 12, Access::read_only, Transfer::grant).raw (), 0x5031u);
    EXPECT_EQ (Fpage::memory (0x5000, 12, Access::read_write, Transfer::grant).raw (), 0x5033u);
    EXPECT_EQ (Fpage::io (0x3F8, 3).raw (), 0xF03F800Cu);
    EXPECT_EQ (Fpage::io (0x80, 0).raw (), 0xF0080000u);
    EXPECT_EQ (Fpage::whole_io ().raw (), 0xF0000040u);
    EXPECT_EQ (Fpage::whole_space ().raw (), 0x80u);
}

TEST (Fpage, ContainsTheAlignedBlockAroundItsBase)
{
    for (unsigned bits = l4::page_bits; bits <= toy_bits; ++bits)
        for (Word page = 0; page < toy_pages; ++page) {
            Fpage const fpage = Fpage::memory (page * l4::page_size, bits);
            EXPECT_EQ (pages_of (fpage), block_around (page, bits - l4::page_bits));
            EXPECT_EQ (fpage.log2_size (), bits);
            EXPECT_TRUE (fpage.is_valid_memory ());
        }
}

TEST (Fpage, MasksAMisalignedBaseInARawWord)
{
    for (unsigned bits = 12; bits <= 31; ++bits) {
        Fpage const fpage { 0xBFFFF000u | bits << 2 };
        EXPECT_EQ (fpage.base () & Fpage::low_mask (bits), 0u);
        EXPECT_LE (fpage.base (), 0xBFFFF000u);
        EXPECT_GT (fpage.base () + fpage.size (), 0xBFFFF000u);
    }
}

TEST (Fpage, TheWholeSpaceHas4GigabytesAndABaseOfZero)
{
    EXPECT_EQ (Fpage::whole_space ().size (), std::uint64_t { 1 } << 32);
    EXPECT_EQ (Fpage { 0xABCDE080 }.base (), 0u);
}

TEST (Fpage, SizesBeyondTheSpaceMeanTheWholeSpace)
{
    EXPECT_EQ (Fpage { 33 << 2 }.log2_size (), 32u);
    EXPECT_EQ (Fpage { 63 << 2 }.log2_size (), 32u);
    EXPECT_EQ (Fpage { 0xF0000000u | 63 << 2 }.log2_size (), 16u);
}

TEST (Fpage, LessThanAPageIsNotValid)
{
    EXPECT_FALSE (Fpage { 0 }.is_valid_memory ());
    EXPECT_FALSE (Fpage { 0x00400000 | 11 << 2 }.is_valid_memory ());
    EXPECT_FALSE (Fpage::whole_io ().is_valid_memory ());
}

TEST (Fpage, IsIoIfTheTopFourBitsAreSet)
{
    EXPECT_TRUE (Fpage { 0xF0000000 }.is_io ());
    EXPECT_FALSE (Fpage { 0xE0000000 }.is_io ());
    EXPECT_FALSE (Fpage::memory (0xBFFFF000, 12).is_io ());
}

TEST (Fpage, AnIoFpageContainsTheAlignedBlockOfPortsAroundItsBase)
{
    for (unsigned bits = 0; bits <= 16; ++bits)
        for (Word port : { 0x0000u, 0x0060u, 0x03FDu, 0xFFFFu }) {
            Fpage const fpage = Fpage::io (port, bits);
            EXPECT_TRUE (fpage.is_io ());
            EXPECT_EQ (fpage.size (), 1u << bits);
            EXPECT_EQ (fpage.port (), port >> bits << bits);
        }
}

TEST (Fpage, RightsAndTransferAreTheLowestBits)
{
    EXPECT_TRUE (Fpage { 2 }.writable ());
    EXPECT_FALSE (Fpage { 1 }.writable ());
    EXPECT_TRUE (Fpage { 1 }.grants ());
    EXPECT_FALSE (Fpage { 2 }.grants ());
}

TEST (FpageMeet, FollowsTheHotspotRuleForEveryPairAndEveryHotspot)
{
    for_each_fpage ([] (Fpage send) {
        for_each_fpage ([send] (Fpage window) {
            for (Word hotspot = 0; hotspot < 2 * toy_pages; ++hotspot)
                ASSERT_EQ (mappings_of (meet (send, hotspot * l4::page_size, window)),
                           expected_meet (pages_of (send), hotspot, pages_of (window)))
                    << std::hex << send.raw () << ' ' << window.raw () << ' ' << hotspot;
        });
    });
}

TEST (FpageMeet, IgnoresTheLowBitsOfTheSendBase)
{
    for (Word low : { 1u, 0x800u, 0xFFFu }) {
        auto const exact = meet (Fpage::memory (0, 12), 0x5000, Fpage::memory (0x400000, 22));
        auto const sloppy
            = meet (Fpage::memory (0, 12), 0x5000 | low, Fpage::memory (0x400000, 22));
        EXPECT_EQ (mappings_of (exact), mappings_of (sloppy));
    }
}

TEST (FpageMeet, GivesTheSpecificationsExamples)
{
    auto const small = meet (Fpage::memory (0x10000, 12), 0x5000, Fpage::memory (0x800000, 22));
    EXPECT_EQ (small.destination, 0x805000u);
    EXPECT_EQ (small.source, 0x10000u);
    auto const large = meet (Fpage::memory (0x800000, 22), 0x3000, Fpage::memory (0x10000, 12));
    EXPECT_EQ (large.source, 0x803000u);
    EXPECT_EQ (large.destination, 0x10000u);
    auto const whole = meet (Fpage::memory (0x10000, 12), 0xBFFFE000, Fpage::whole_space ());
    EXPECT_EQ (whole.destination, 0xBFFFE000u);
    EXPECT_EQ (whole.bits, 12u);
}

TEST (FpageMeet, OfTwoWholeSpacesIsTheWholeSpace)
{
    auto const all = meet (Fpage::whole_space (), 0x12345000, Fpage::whole_space ());
    EXPECT_EQ (all.source, 0u);
    EXPECT_EQ (all.destination, 0u);
    EXPECT_EQ (all.bits, 32u);
}
