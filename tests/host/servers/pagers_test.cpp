// SPDX-License-Identifier: BSD-2-Clause
/// @file  What memory servers decide, on frames and stores that only pretend.
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <framebuffer/screens.hpp>
#include <memory_store/blocks.hpp>
#include <pagers/access_list.hpp>
#include <pagers/block_pool.hpp>
#include <pagers/colour_pool.hpp>
#include <pagers/copy_on_write.hpp>
#include <pagers/paged_memory.hpp>
#include <pagers/replacement.hpp>
#include <runtime/region_map.hpp>
#include <scanner/most_recent.hpp>

namespace {

using l4::Access;
using l4::Address;
using l4::Word;
using pagers::no_frame;
using rt::Error;

l4::ThreadId thread (Word task, Word version = 0)
{
    return l4::ThreadId::make ({ task, 0, version, 4, 0, 0 });
}

/// Frames hold one number each; the mappings of clients are not followed, only taken back.
struct FakeMachine {
    std::map<Word, Word> content {};
    std::map<Word, Word> blocks {};
    std::set<Word> revoked {};
    std::set<Word> write_revoked {};
    bool store_works { true };

    void clear (Word frame) { content[frame] = 0; }
    void copy (Word to, Word from) { content[to] = content[from]; }
    void revoke (Word frame) { revoked.insert (frame); }
    void revoke_write (Word frame) { write_revoked.insert (frame); }
    bool fill (Word file, Word page, Word frame)
    {
        content[frame] = 1000 * file + page;
        return store_works;
    }
    bool read (Word block, Word frame)
    {
        content[frame] = blocks.at (block);
        return store_works;
    }
    bool write (Word block, Word frame)
    {
        if (store_works)
            blocks[block] = content[frame];
        return store_works;
    }
};

using Copying = pagers::CopyOnWrite<FakeMachine, 6, 4, 8>;

class CopyOnWriteTest : public testing::Test {
protected:
    Word frame (Word object, Word page, bool write)
    {
        auto const answer = memory.request (alice, object, page, write);
        EXPECT_EQ (answer.error, Error::none);
        EXPECT_TRUE (!write || answer.access == Access::read_write);
        return answer.frame;
    }

    FakeMachine machine {};
    Copying memory { machine };
    l4::ThreadId const alice { thread (7) };
    l4::ThreadId const bob { thread (8) };
};

TEST_F (CopyOnWriteTest, PagesThatAreOnlyReadShareOneFrameOfZeros)
{
    Word const object = memory.open (alice, 3).value;
    auto const first = memory.request (alice, object, 0, false);
    auto const second = memory.request (alice, object, 1, false);
    EXPECT_EQ (first.frame, second.frame);
    EXPECT_EQ (first.access, Access::read_only);
    EXPECT_EQ (machine.content[first.frame], 0u);
    EXPECT_EQ (memory.statistics ().frames, 1u);
}

TEST_F (CopyOnWriteTest, AWrittenPageHasItsOwnFrame)
{
    Word const object = memory.open (alice, 3).value;
    Word const zeros = frame (object, 0, false);
    Word const own = frame (object, 0, true);
    EXPECT_NE (own, zeros);
    EXPECT_EQ (frame (object, 0, false), own);
    EXPECT_NE (frame (object, 1, true), own);
}

TEST_F (CopyOnWriteTest, ACloneSharesUntilOneIsWritten)
{
    Word const object = memory.open (alice, 2).value;
    Word const original = frame (object, 0, true);
    machine.content[original] = 5;
    Word const copy = memory.clone (alice, object).value;
    EXPECT_TRUE (machine.write_revoked.contains (original));
    auto const shared = memory.request (alice, copy, 0, false);
    EXPECT_EQ (shared.frame, original);
    EXPECT_EQ (shared.access, Access::read_only);
    Word const separate = frame (copy, 0, true);
    EXPECT_NE (separate, original);
    EXPECT_EQ (machine.content[separate], 5u);
    EXPECT_EQ (frame (object, 0, true), original);
}

TEST_F (CopyOnWriteTest, ObjectsAreTheirOwnersAlone)
{
    Word const object = memory.open (alice, 2).value;
    EXPECT_EQ (memory.request (bob, object, 0, false).error, Error::not_found);
    EXPECT_EQ (memory.clone (bob, object).error, Error::not_found);
    EXPECT_EQ (memory.close (bob, object), Error::not_found);
    EXPECT_EQ (memory.request (thread (7, 1), object, 0, false).error, Error::not_found);
    EXPECT_EQ (memory.request (alice, object, 2, false).error, Error::not_found);
    EXPECT_EQ (memory.request (alice, object + 77, 0, false).error, Error::not_found);
    EXPECT_EQ (memory.close (alice, object), Error::none);
    EXPECT_EQ (memory.request (alice, object, 0, false).error, Error::not_found);
}

TEST_F (CopyOnWriteTest, SizesPlacesAndFramesAreLimited)
{
    EXPECT_EQ (memory.open (alice, 0).error, Error::limit);
    EXPECT_EQ (memory.open (alice, 9).error, Error::limit);
    Word const object = memory.open (alice, 8).value;
    for (Word i = 1; i < 4; ++i)
        EXPECT_TRUE (memory.open (alice, 1).ok ());
    EXPECT_EQ (memory.open (alice, 1).error, Error::no_place);
    for (Word page = 0; page < 6; ++page)
        EXPECT_EQ (memory.request (alice, object, page, true).error, Error::none);
    EXPECT_EQ (memory.request (alice, object, 6, true).error, Error::no_memory);
    EXPECT_EQ (memory.close (alice, object), Error::none);
    EXPECT_EQ (memory.statistics ().frames, 0u);
}

TEST_F (CopyOnWriteTest, WhatDeadClientsHadIsTakenBack)
{
    Word const object = memory.open (alice, 2).value;
    Word const kept = memory.open (bob, 2).value;
    Word const lost = frame (object, 0, true);
    EXPECT_EQ (memory.request (bob, kept, 0, true).error, Error::none);
    memory.collect ([this] (l4::ThreadId id) { return id == bob; });
    EXPECT_TRUE (machine.revoked.contains (lost));
    EXPECT_EQ (memory.statistics ().objects, 1u);
    EXPECT_EQ (memory.statistics ().frames, 1u);
    EXPECT_EQ (memory.request (bob, kept, 0, true).error, Error::none);
}

TEST_F (CopyOnWriteTest, APageOfAFileIsReadOnceAndCopiedWhenItIsWritten)
{
    Word const first = memory.open (alice, 3, 9).value;
    Word const second = memory.open (alice, 3, 9).value;
    Word const page = frame (first, 2, false);
    EXPECT_EQ (machine.content[page], 9002u);
    EXPECT_EQ (frame (second, 2, false), page);
    EXPECT_EQ (memory.statistics ().fills, 1u);
    Word const written = frame (first, 2, true);
    EXPECT_NE (written, page);
    EXPECT_EQ (machine.content[written], 9002u);
    EXPECT_EQ (frame (second, 2, false), page);
}

TEST_F (CopyOnWriteTest, PagesOfFilesNobodyUsesMakeRoom)
{
    Word const file = memory.open (alice, 5, 9).value;
    for (Word page = 0; page < 5; ++page)
        frame (file, page, false);
    EXPECT_EQ (memory.close (alice, file), Error::none);
    EXPECT_EQ (memory.statistics ().frames, 5u);
    Word const object = memory.open (alice, 6).value;
    for (Word page = 0; page < 6; ++page)
        frame (object, page, true);
    EXPECT_EQ (memory.statistics ().evictions, 5u);
}

TEST_F (CopyOnWriteTest, AFileThatCannotBeReadIsAnError)
{
    machine.store_works = false;
    Word const file = memory.open (alice, 5, 9).value;
    EXPECT_EQ (memory.request (alice, file, 0, false).error, Error::unavailable);
    EXPECT_EQ (memory.statistics ().frames, 0u);
}

/// Clients of the copying memory against a map of what each page should hold.
TEST (CopyOnWriteProperty, EveryObjectKeepsItsOwnContent)
{
    std::mt19937 random { 20 };
    FakeMachine machine;
    pagers::CopyOnWrite<FakeMachine, 64, 8, 6> memory { machine };
    std::map<Word, std::map<Word, Word>> model;
    l4::ThreadId const client = thread (7);
    for (unsigned step = 0; step < 20'000; ++step) {
        Word const choice = random () % 100;
        if (choice < 4) {
            if (auto const made = memory.open (client, 6); made.ok ())
                model[made.value] = {};
        } else if (model.empty ()) {
            continue;
        } else {
            auto const object = std::next (model.begin (), random () % model.size ());
            Word const page = random () % 6;
            if (choice < 8) {
                if (auto const made = memory.clone (client, object->first); made.ok ())
                    model[made.value] = object->second;
            } else if (choice < 12) {
                EXPECT_EQ (memory.close (client, object->first), Error::none);
                model.erase (object);
            } else {
                bool const write = choice < 50;
                auto const answer = memory.request (client, object->first, page, write);
                ASSERT_EQ (answer.error, Error::none);
                ASSERT_EQ (machine.content[answer.frame], object->second[page]);
                if (write)
                    machine.content[answer.frame] = object->second[page] = step;
            }
        }
    }
}

template <typename Replacement>
using Paged = pagers::PagedMemory<FakeMachine, Replacement, 8, 32>;

template <typename Replacement>
class PagedMemoryTest : public testing::Test {};
using Policies = testing::Types<pagers::SecondChance<8>, scanner::MostRecent<8>>;
TYPED_TEST_SUITE (PagedMemoryTest, Policies);

TYPED_TEST (PagedMemoryTest, FourTimesTheFramesKeepTheirContent)
{
    std::mt19937 random { 4 };
    FakeMachine machine;
    Paged<TypeParam> memory { machine, 8 };
    std::map<Word, Word> model;
    for (unsigned step = 1; step < 20'000; ++step) {
        Word const page = random () % 32;
        bool const write = random () % 2 != 0;
        if (random () % 100 == 0) {
            memory.forget (page);
            model[page] = 0;
        }
        auto const answer = memory.request (page, write);
        ASSERT_EQ (answer.error, Error::none);
        ASSERT_EQ (machine.content[answer.frame], model[page]);
        ASSERT_TRUE (!write || answer.access == Access::read_write);
        if (write)
            machine.content[answer.frame] = model[page] = step;
        ASSERT_LE (memory.statistics ().frames, 8u);
    }
    EXPECT_GT (memory.statistics ().evictions, 1000u);
}

TYPED_TEST (PagedMemoryTest, WhatWasNotWrittenIsNotStored)
{
    FakeMachine machine;
    Paged<TypeParam> memory { machine, 8 };
    for (Word page = 0; page < 32; ++page) {
        auto const answer = memory.request (page, false);
        EXPECT_EQ (answer.access, Access::read_only);
    }
    EXPECT_EQ (memory.statistics ().evictions, 24u);
    EXPECT_EQ (memory.statistics ().stores, 0u);
    EXPECT_TRUE (machine.blocks.empty ());
}

TYPED_TEST (PagedMemoryTest, AStoreThatFailsLosesNothing)
{
    FakeMachine machine;
    Paged<TypeParam> memory { machine, 8 };
    for (Word page = 0; page < 8; ++page)
        machine.content[memory.request (page, true).frame] = 70 + page;
    machine.store_works = false;
    for (Word i = 0; i < 20; ++i)
        EXPECT_EQ (memory.request (20, false).error, Error::unavailable);
    machine.store_works = true;
    for (Word page = 0; page < 8; ++page)
        EXPECT_EQ (machine.content[memory.request (page, false).frame], 70 + page);
}

TEST (SecondChance, AnInactivePageThatIsAskedForStays)
{
    FakeMachine machine;
    Paged<pagers::SecondChance<8>> memory { machine, 8 };
    for (Word page = 0; page < 8; ++page)
        static_cast<void> (memory.request (page, false));
    EXPECT_EQ (machine.revoked.size (), 2u);            // pages 0 and 1: a quarter
    Word const frame = memory.request (0, false).frame;
    static_cast<void> (memory.request (8, false));
    Word const fills = memory.statistics ().fills;
    EXPECT_EQ (memory.request (0, false).frame, frame);
    EXPECT_EQ (memory.statistics ().fills, fills);
    static_cast<void> (memory.request (1, false));
    EXPECT_EQ (memory.statistics ().fills, fills + 1);
}

TEST (MostRecent, BeatsTheDefaultOnARound)
{
    auto const fills = [] (auto& memory) {
        for (unsigned round = 0; round < 10; ++round)
            for (Word page = 0; page < 12; ++page)
                static_cast<void> (memory.request (page, false));
        return memory.statistics ().fills;
    };
    FakeMachine machine;
    Paged<pagers::SecondChance<8>> standard { machine, 8 };
    Paged<scanner::MostRecent<8>> own { machine, 8 };
    EXPECT_EQ (fills (standard), 120u);
    EXPECT_LT (fills (own), 60u);
}

TEST (BlockPool, BlocksAreAlignedToTheirSizeAndApart)
{
    pagers::BlockPool<16> pool;
    EXPECT_EQ (pool.allocate (1), 0u);
    EXPECT_EQ (pool.allocate (4), 4u);
    EXPECT_EQ (pool.allocate (2), 2u);
    EXPECT_EQ (pool.allocate (8), 8u);
    EXPECT_EQ (pool.allocate (2), pool.none);
    EXPECT_EQ (pool.allocate (1), 1u);
    EXPECT_EQ (pool.used (), 16u);
    pool.free (8, 8);
    EXPECT_EQ (pool.allocate (16), pool.none);
    EXPECT_EQ (pool.allocate (8), 8u);
    EXPECT_EQ (pagers::block_size (1), 1u);
    EXPECT_EQ (pagers::block_size (5), 8u);
}

TEST (ColourPool, FramesHaveTheColourThatIsAskedForAsLongAsThereAreSome)
{
    pagers::ColourPool<12> pool { 4 };
    for (Word i = 0; i < 12; ++i)
        pool.add ((i * 7 + 3) * l4::page_size);
    std::set<Word> seen;
    for (Word i = 0; i < 3; ++i) {
        Word const frame = pool.allocate (2);
        EXPECT_EQ (pool.colour_of (frame), 2u);
        EXPECT_TRUE (seen.insert (frame).second);
    }
    EXPECT_EQ (pool.colour_of (pool.allocate (2)), 3u);
    for (Word i = 0; i < 8; ++i)
        EXPECT_NE (pool.allocate (0), pool.none);
    EXPECT_EQ (pool.allocate (0), pool.none);
    pool.free (*seen.begin ());
    EXPECT_EQ (pool.allocate (1), *seen.begin ());
}

TEST (AccessList, TheFirstMatchDecides)
{
    using pagers::Right;
    pagers::AccessList const list { "  reader=r writer=w bad=x nothing *=r late=w" };
    EXPECT_EQ (list.right_of ("reader"), Right::read);
    EXPECT_EQ (list.right_of ("writer"), Right::write);
    EXPECT_EQ (list.right_of ("bad"), Right::nothing);
    EXPECT_EQ (list.right_of ("late"), Right::read);
    EXPECT_EQ (list.right_of ("nothing"), Right::read);
    EXPECT_EQ (pagers::AccessList {}.right_of ("anybody"), Right::nothing);
    EXPECT_EQ (pagers::AccessList { "reader=" }.right_of ("reader"), Right::nothing);
}

TEST (Blocks, BelongToTheirTaskInItsPresentLife)
{
    store::Blocks<2> blocks;
    Word const place = blocks.place_for (thread (7), 5);
    EXPECT_EQ (blocks.find (thread (7), 5), place);
    EXPECT_EQ (blocks.find (thread (8), 5), blocks.none);
    EXPECT_EQ (blocks.find (thread (7, 1), 5), blocks.none);
    EXPECT_EQ (blocks.place_for (thread (7), 5), place);
    EXPECT_NE (blocks.place_for (thread (8), 5), place);
    EXPECT_EQ (blocks.place_for (thread (7), 6), blocks.none);
    blocks.collect ([] (l4::ThreadId id) { return id.task () != 8; });
    EXPECT_NE (blocks.place_for (thread (7), 6), blocks.none);
    EXPECT_EQ (blocks.find (thread (7), 5), place);
}

TEST (RegionMap, AnAddressLiesInTheRegionAroundIt)
{
    rt::RegionMap map;
    EXPECT_TRUE (map.add ({ 0x380000, 0x384000, { thread (7), 1 }, 10 }));
    EXPECT_TRUE (map.add ({ 0x384000, 0x385000, { thread (8), 2 }, 0 }));
    EXPECT_EQ (map.find (0x383FFC).object.number, 1u);
    EXPECT_EQ (map.find (0x383FFC).page_of (0x383FFC), 13u);
    EXPECT_EQ (map.find (0x384000).object.number, 2u);
    EXPECT_EQ (map.find (0x385000).end, 0u);
    EXPECT_EQ (map.find (0).end, 0u);
}

TEST (RegionMap, RegionsAreWholePagesAndApart)
{
    rt::RegionMap map;
    EXPECT_TRUE (map.add ({ 0x380000, 0x384000, {}, 0 }));
    EXPECT_FALSE (map.add ({ 0x383000, 0x385000, {}, 0 }));
    EXPECT_FALSE (map.add ({ 0x37F000, 0x380800, {}, 0 }));
    EXPECT_FALSE (map.add ({ 0x390000, 0x390000, {}, 0 }));
    EXPECT_EQ (map.remove (0x380000).end, 0x384000u);
    EXPECT_EQ (map.remove (0x380000).end, 0u);
    EXPECT_TRUE (map.add ({ 0x383000, 0x385000, {}, 0 }));
    for (std::size_t i = 1; i < rt::RegionMap::capacity; ++i)
        EXPECT_TRUE (map.add ({ 0x400000 + 0x1000 * static_cast<Word> (i),
                                0x401000 + 0x1000 * static_cast<Word> (i), {}, 0 }));
    EXPECT_FALSE (map.add ({ 0x800000, 0x801000, {}, 0 }));
}

TEST (RegionMap, AFreePlaceIsAlignedForOneFpage)
{
    rt::RegionMap map;
    EXPECT_EQ (map.find_place (3, 0x381000, 0x390000), 0x384000u);
    EXPECT_TRUE (map.add ({ 0x384000, 0x387000, {}, 0 }));
    EXPECT_EQ (map.find_place (3, 0x381000, 0x390000), 0x388000u);
    EXPECT_EQ (map.find_place (1, 0x381000, 0x390000), 0x381000u);
    EXPECT_EQ (map.find_place (1, 0x384000, 0x390000), 0x387000u);
    EXPECT_EQ (map.find_place (16, 0x381000, 0x390000), 0u);
    EXPECT_EQ (map.find_place (0, 0x381000, 0x390000), 0u);
}

/// A display controller: an index and some registers.
struct FakeAdapter {
    std::uint8_t index { 0x0E };
    std::map<std::uint8_t, std::uint8_t> registers {};
};
struct FakeIo {
    FakeAdapter* adapter;

    std::uint8_t in8 (Word port)
    {
        return port == 0x3D4 ? adapter->index : adapter->registers[adapter->index];
    }
    void out8 (Word port, std::uint8_t value)
    {
        if (port == 0x3D4)
            adapter->index = value;
        else
            adapter->registers[adapter->index] = value;
    }
};

TEST (ScreenSwitch, ShowsAScreenAndLeavesTheIndexAlone)
{
    FakeAdapter adapter;
    framebuffer::ScreenSwitch<FakeIo> screens { FakeIo { &adapter } };
    EXPECT_EQ (screens.shown (), 0u);
    screens.show (5);
    EXPECT_EQ (adapter.registers[0x0C], 5 * 2048 >> 8);
    EXPECT_EQ (adapter.registers[0x0D], 0);
    EXPECT_EQ (screens.shown (), 5u);
    EXPECT_EQ (adapter.index, 0x0E);
    EXPECT_FALSE (adapter.registers.contains (0x0E));
}

}  // namespace
