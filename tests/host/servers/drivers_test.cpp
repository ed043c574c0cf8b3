// SPDX-License-Identifier: BSD-2-Clause
/// @file  The register logic of drivers, on devices that only pretend; partitions; and what the
///        supervisor concludes.
#include <cstring>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <drivers/ide/channel.hpp>
#include <drivers/ide/partitions.hpp>
#include <supervisor/watch.hpp>

#include "fake_disk.hpp"

namespace {

using fake::Sector;
using ide::Failure;
using l4::Word;

using Channel = ide::Channel<fake::Channel, fake::Channel>;

fake::DiskDrive small_drive (bool linear) { return { 20, 4, 17, linear }; }

Sector pattern (Word n)
{
    Sector sector;
    for (std::size_t i = 0; i < sector.size (); ++i)
        sector[i] = static_cast<std::uint8_t> (n * 7 + i * 3);
    return sector;
}

/// Both ways in which a drive can be addressed.
class IdeTest : public testing::TestWithParam<bool> {
protected:
    void SetUp () override { ASSERT_TRUE (channel.open ()); }

    fake::DiskDrive& drive () { return device.drives[0]; }

    fake::Channel device { small_drive (GetParam ()) };
    Channel channel { ide::primary, device, device };
};

TEST_P (IdeTest, TellsWhatTheDriveSays)
{
    ide::Drive const& found = channel.drive (0);
    EXPECT_TRUE (found.present);
    EXPECT_EQ (found.linear, GetParam ());
    EXPECT_EQ (found.sectors, 20u * 4 * 17);
    EXPECT_TRUE ((std::string_view { found.model, 21 } == "A drive that pretends"));
    EXPECT_TRUE ((std::string_view { found.serial, 8 } == "serial 1"));
    EXPECT_FALSE (channel.drive (1).present);
}

TEST_P (IdeTest, ReadsWhatLiesThere)
{
    for (Word n = 0; n < drive ().capacity (); ++n)
        drive ().content[n] = pattern (n);
    for (Word n = 0; n + 3 <= drive ().capacity (); n += 3) {
        Sector sectors[3];
        ASSERT_EQ (channel.read (0, n, 3, sectors), Failure::none);
        for (Word i = 0; i < 3; ++i)
            ASSERT_EQ (sectors[i], pattern (n + i)) << n + i;
    }
    EXPECT_EQ (channel.counters ().retries, 0u);
    EXPECT_EQ (channel.counters ().lost_interrupts, 0u);
}

TEST_P (IdeTest, WritesWhereItShallAndNowhereElse)
{
    Sector const sectors[2] = { pattern (100), pattern (200) };
    ASSERT_EQ (channel.write (0, 1000, 2, sectors), Failure::none);
    EXPECT_EQ (drive ().content.size (), 2u);
    EXPECT_EQ (drive ().content[1000], sectors[0]);
    EXPECT_EQ (drive ().content[1001], sectors[1]);
}

TEST_P (IdeTest, AddressesByGeometryIfAsked)
{
    drive ().content[777] = pattern (777);
    Sector sector;
    EXPECT_EQ (channel.read (0, 777, 1, &sector, true), Failure::none);
    EXPECT_EQ (sector, pattern (777));
}

TEST_P (IdeTest, RefusesWhatIsNotThere)
{
    Sector sector {};
    Word const capacity = drive ().capacity ();
    EXPECT_EQ (channel.read (0, capacity, 1, &sector), Failure::refused);
    EXPECT_EQ (channel.read (0, capacity - 1, 2, &sector), Failure::refused);
    EXPECT_EQ (channel.write (0, ~Word { 0 }, 1, &sector), Failure::refused);
    EXPECT_EQ (channel.read (0, 0, 0, &sector), Failure::refused);
    EXPECT_EQ (channel.read (1, 0, 1, &sector), Failure::absent);
    EXPECT_TRUE (drive ().content.empty ());
}

TEST_P (IdeTest, TriesABadSectorAgain)
{
    drive ().content[5] = pattern (5);
    drive ().bad[5] = 2;
    Sector sector;
    EXPECT_EQ (channel.read (0, 5, 1, &sector), Failure::none);
    EXPECT_EQ (sector, pattern (5));
    EXPECT_EQ (channel.counters ().retries, 2u);
    EXPECT_EQ (channel.counters ().resets, 1u);
}

TEST_P (IdeTest, GivesABadSectorUpAndGoesOn)
{
    drive ().bad[6] = fake::Channel::forever;
    Sector const sector = pattern (1);
    Sector sectors[3];
    EXPECT_EQ (channel.read (0, 5, 3, sectors), Failure::medium);
    EXPECT_EQ (channel.write (0, 6, 1, &sector), Failure::medium);
    EXPECT_EQ (channel.write (0, 7, 1, &sector), Failure::none);
    EXPECT_EQ (drive ().content[7], pattern (1));
}

TEST_P (IdeTest, ResetsADriveThatHangs)
{
    drive ().content[9] = pattern (9);
    unsigned const resets = device.resets;
    device.hangs = true;
    Sector sector;
    EXPECT_EQ (channel.read (0, 9, 1, &sector), Failure::none);
    EXPECT_EQ (sector, pattern (9));
    EXPECT_EQ (device.resets, resets + 1);
}

TEST_P (IdeTest, GivesADeadDriveUp)
{
    device.dead = true;
    Sector sector;
    EXPECT_EQ (channel.read (0, 9, 1, &sector), Failure::timeout);
    EXPECT_LT (device.pauses, 30'000u);
}

TEST_P (IdeTest, WorksWithoutInterruptsIfTheyGetLost)
{
    device.lose_interrupts = true;
    Sector const sectors[2] = { pattern (1), pattern (2) };
    EXPECT_EQ (channel.write (0, 10, 2, sectors), Failure::none);
    Sector back[2];
    EXPECT_EQ (channel.read (0, 10, 2, back), Failure::none);
    EXPECT_EQ (back[1], sectors[1]);
    EXPECT_EQ (channel.counters ().lost_interrupts, 4u);
    EXPECT_EQ (channel.counters ().retries, 0u);
}

TEST_P (IdeTest, FindsTheChannelInTheMiddleOfACommand)
{
    drive ().content[3] = pattern (3);
    // What a driver that died left behind: a command whose data nobody took.
    device.out8 (ide::primary.command + ide::reg_drive, ide::drive_fixed);
    device.out8 (ide::primary.command + ide::reg_count, 8);
    device.out8 (ide::primary.command + ide::reg_sector, 1);
    device.out8 (ide::primary.command + ide::reg_cylinder_low, 0);
    device.out8 (ide::primary.command + ide::reg_cylinder_high, 0);
    device.out8 (ide::primary.command + ide::reg_command, ide::command_write);
    Channel next { ide::primary, device, device };
    ASSERT_TRUE (next.open ());
    Sector sector;
    EXPECT_EQ (next.read (0, 3, 1, &sector), Failure::none);
    EXPECT_EQ (sector, pattern (3));
}

TEST_P (IdeTest, FlushesWhereTheDriveCan)
{
    EXPECT_EQ (channel.flush (0), Failure::none);
    EXPECT_EQ (device.flushes, GetParam () ? 1u : 0u);
    EXPECT_EQ (channel.flush (1), Failure::absent);
}

INSTANTIATE_TEST_SUITE_P (Addressing, IdeTest, testing::Bool (),
                          [] (auto const& instance) {
                              return instance.param ? "Linear" : "Geometry";
                          });

TEST (Ide, FindsNothingWhereNothingIs)
{
    fake::Channel device { fake::DiskDrive {} };
    Channel channel { ide::primary, device, device };
    EXPECT_FALSE (channel.open ());
}

TEST (Ide, TellsTwoDrivesApart)
{
    fake::Channel device { small_drive (true), small_drive (false) };
    device.drives[0].content[8] = pattern (1);
    device.drives[1].content[8] = pattern (2);
    Channel channel { ide::primary, device, device };
    ASSERT_TRUE (channel.open ());
    for (unsigned n : { 0u, 1u, 0u }) {
        Sector sector;
        EXPECT_EQ (channel.read (n, 8, 1, &sector), Failure::none);
        EXPECT_EQ (sector, pattern (n + 1));
    }
}

TEST (Ide, ASecondDriveAloneIsFound)
{
    fake::Channel device { {}, small_drive (true) };
    Channel channel { ide::primary, device, device };
    ASSERT_TRUE (channel.open ());
    EXPECT_FALSE (channel.drive (0).present);
    EXPECT_TRUE (channel.drive (1).present);
}

// Partitions.

class PartitionsTest : public testing::Test {
protected:
    using Bytes = std::array<std::byte, 512>;

    void put (Word sector, Word line, Word type, Word first, Word count)
    {
        Bytes& table = disk[sector];
        std::size_t const at = 0x1BE + line * 16;
        table[at + 4] = static_cast<std::byte> (type);
        std::memcpy (&table[at + 8], &first, 4);
        std::memcpy (&table[at + 12], &count, 4);
        table[510] = std::byte { 0x55 };
        table[511] = std::byte { 0xAA };
    }

    void find (Word sectors)
    {
        Bytes buffer {};
        partitions.find (sectors, buffer, [&] (Word at) {
            ++reads;
            buffer = disk[at];
            return at != unreadable;
        });
    }

    std::map<Word, Bytes> disk {};
    Word unreadable { ~Word { 0 } };
    unsigned reads { 0 };
    ide::Partitions partitions {};
};

TEST_F (PartitionsTest, ListsTheTableAndTheChain)
{
    put (0, 0, 0x7F, 63, 100);
    put (0, 1, 0x05, 200, 300);
    put (200, 0, 0x83, 10, 50);
    put (200, 1, 0x05, 100, 100);       // from the beginning of the extended partition
    put (300, 0, 0x7F, 10, 20);
    find (1000);
    EXPECT_EQ (partitions[0].sectors, 1000u);
    EXPECT_EQ (partitions[1].first, 63u);
    EXPECT_EQ (partitions[1].type, 0x7Fu);
    EXPECT_TRUE (partitions[2].is_extended ());
    EXPECT_EQ (partitions[3].sectors, 0u);
    EXPECT_EQ (partitions[5].first, 210u);
    EXPECT_EQ (partitions[6].first, 310u);
    EXPECT_EQ (partitions[6].sectors, 20u);
    EXPECT_EQ (partitions[7].sectors, 0u);
    EXPECT_EQ (partitions[99].sectors, 0u);
}

TEST_F (PartitionsTest, BelievesNothingThatLiesOutside)
{
    put (0, 0, 0x7F, 900, 101);         // one sector too many
    put (0, 1, 0x7F, 0, 10);            // over the table
    put (0, 2, 0x7F, 0xFFFFFFFF, 2);
    put (0, 3, 0x7F, 999, 1);
    find (1000);
    for (Word n = 1; n < 4; ++n)
        EXPECT_EQ (partitions[n].sectors, 0u) << n;
    EXPECT_EQ (partitions[4].sectors, 1u);
}

TEST_F (PartitionsTest, AChainThatTurnsBackEnds)
{
    put (0, 0, 0x05, 100, 800);
    put (100, 0, 0x83, 1, 5);
    put (100, 1, 0x05, 100, 100);
    put (200, 0, 0x83, 1, 5);
    put (200, 1, 0x05, 100, 100);       // itself
    find (1000);
    EXPECT_LE (reads, 16u);
    EXPECT_EQ (partitions[15].first, 201u);
}

TEST_F (PartitionsTest, WithoutATableThereIsTheDriveAlone)
{
    disk[0] = {};
    find (1000);
    EXPECT_EQ (partitions[0].sectors, 1000u);
    EXPECT_EQ (partitions[1].sectors, 0u);
    put (0, 0, 0x7F, 1, 5);
    unreadable = 0;
    find (1000);
    EXPECT_EQ (partitions[1].sectors, 0u);
}

// The supervisor's conclusions.

using supervisor::Condition;
using supervisor::Reason;
using supervisor::State;
using supervisor::Watch;

TEST (Watch, ADriverThatBeatsIsLeftAlone)
{
    Watch watch;
    watch.started (1000);
    for (supervisor::Time now = 2000; now < 10'000'000; now += supervisor::beat_period) {
        watch.beat ({}, now);
        EXPECT_FALSE (watch.is_silent (now + supervisor::beat_period));
    }
    EXPECT_EQ (watch.state (), State::running);
}

TEST (Watch, SilenceIsNoticedWellWithinASecond)
{
    Watch watch;
    watch.started (0);
    EXPECT_FALSE (watch.is_silent (400'000));
    EXPECT_TRUE (watch.is_silent (600'000));
    watch.beat ({}, 600'000);
    EXPECT_FALSE (watch.is_silent (800'000));
    EXPECT_TRUE (watch.is_silent (1'000'000));
}

TEST (Watch, AnOutageIsFromTheLastBeatToTheNext)
{
    Watch watch;
    watch.started (0);
    watch.beat ({}, 1000);
    watch.beat ({}, 50'000);
    EXPECT_TRUE (watch.ended (Reason::ended, false));
    watch.started (70'000);
    watch.beat ({}, 90'000);
    EXPECT_EQ (watch.restarts (), 1u);
    EXPECT_EQ (watch.last_outage (), 40'000u);
    EXPECT_EQ (watch.last_reason (), Reason::ended);
}

TEST (Watch, WhatNeverComesUpIsGivenUp)
{
    Watch watch;
    for (Word i = 1; i < Watch::most_failures; ++i) {
        watch.started (i);
        EXPECT_TRUE (watch.ended (Reason::ended, false));
    }
    watch.started (9);
    EXPECT_FALSE (watch.ended (Reason::ended, false));
    EXPECT_EQ (watch.state (), State::failed);
    watch.forgive ();
    watch.started (10);
    watch.beat ({}, 11);
    EXPECT_EQ (watch.state (), State::running);
}

TEST (Watch, WithoutADeviceItIsNotStartedAgain)
{
    Watch watch;
    watch.started (0);
    watch.beat ({}, 1);
    EXPECT_FALSE (watch.ended (Reason::ended, true));
    EXPECT_EQ (watch.state (), State::no_device);
}

TEST (Watch, AComplaintCountsOnlyIfNobodyIsServed)
{
    Watch watch;
    watch.started (0);
    EXPECT_FALSE (watch.is_useless (1));
    watch.beat ({ .waits = false, .served = 7 }, 10);
    EXPECT_FALSE (watch.is_useless (300'000));
    watch.beat ({ .waits = false, .served = 8 }, 310'000);
    EXPECT_FALSE (watch.is_useless (500'000));
    watch.beat ({ .waits = true, .served = 8 }, 510'000);
    EXPECT_FALSE (watch.is_useless (700'000));
    watch.beat ({ .waits = false, .served = 8 }, 710'000);
    EXPECT_TRUE (watch.is_useless (900'000));
    EXPECT_FALSE (watch.is_useless (5'000'000));
}

TEST (Watch, AWaitForTheDeviceIsBelievedForSomeTime)
{
    Watch watch;
    watch.started (0);
    supervisor::Time now = 0;
    unsigned restarts_wanted = 0;
    for (; now < Watch::longest_wait - 1'000'000; now += supervisor::beat_period) {
        watch.beat ({ .waits = true, .served = 3 }, now);
        EXPECT_FALSE (watch.is_useless (now));
    }
    for (; now < Watch::longest_wait + 1'000'000; now += supervisor::beat_period) {
        watch.beat ({ .waits = true, .served = 3 }, now);
        restarts_wanted += watch.is_useless (now) ? 1 : 0;
    }
    EXPECT_GT (restarts_wanted, 0u);
}

}  // namespace
