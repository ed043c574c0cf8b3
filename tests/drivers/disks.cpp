// SPDX-License-Identifier: BSD-2-Clause
/// @file  The disk that tools/media/make_data_disk makes, through its driver.
#include <framework/check.hpp>
#include <framework/random.hpp>

#include "awake.hpp"
#include "data_disk.hpp"

using namespace guest;
using namespace data_disk;
using block::Extent;
using rt::Error;

namespace {

constinit block::Disk disk {};

}  // namespace

TEST_CASE ("DSK-001", "the drive tells its size, and its partitions are listed", "")
{
    Awake const awake;
    block::DriveText text;
    auto const about = disk.identify (drive, text);
    REQUIRE_EQUAL (about.error, Error::none);
    CHECK_EQUAL (about.value.sectors, sectors);
    CHECK_EQUAL (about.value.linear, 1u);
    auto const whole = disk.describe (block::unit (drive, 0));
    CHECK_EQUAL (whole.value.sectors, sectors);
    auto const logical = disk.describe (last_logical);
    CHECK_EQUAL (logical.value.type, 0x83u);
    CHECK_EQUAL (logical.value.sectors, 256u);
    CHECK_EQUAL (disk.describe (block::unit (drive, 7)).error, Error::not_found);
    CHECK_EQUAL (disk.describe (block::unit (9, 0)).error, Error::not_found);
}

TEST_CASE ("DSK-002", "sectors read have what the tools wrote there, addressed either way", "")
{
    Awake const awake;
    for (Word const unit : { foreign, last_logical })
        for (Word sector = 0; sector < 256; sector += 5) {
            Word const how = sector % 2 != 0 ? Extent::by_geometry : 0;
            Word const count = 1 + sector % 3;
            if (sector + count > 256)
                break;
            REQUIRE_EQUAL (disk.read (Extent::of (unit, sector, count, how), buffer), Error::none);
            for (Word i = 0; i < count * words_per_sector; i += 37)
                CHECK_EQUAL (buffer[i], (sector + i / words_per_sector) << 16
                                            | i % words_per_sector);
        }
}

TEST_CASE ("DSK-003", "what was written is read again, across the whole partition", "")
{
    Awake const awake;
    Random random { 4711 };
    constexpr Word places[] = { 0, 8, 1000, 1016, 2040 };
    for (Word round = 0; round < 3; ++round) {
        for (Word const sector : places) {
            fill (sector, block::most_sectors, round);
            REQUIRE_EQUAL (disk.write (Extent::of (ours, sector, block::most_sectors), buffer),
                           Error::none);
        }
        for (Word const sector : places) {
            REQUIRE_EQUAL (disk.read (Extent::of (ours, sector, block::most_sectors), buffer),
                           Error::none);
            CHECK (holds (sector, block::most_sectors, round));
        }
    }
    CHECK_EQUAL (disk.flush (drive), Error::none);
}

TEST_CASE ("DSK-004", "a unit ends where it ends", "")
{
    Awake const awake;
    CHECK_EQUAL (disk.read (Extent::of (foreign, 511, 1), buffer), Error::none);
    CHECK_EQUAL (disk.read (Extent::of (foreign, 512, 1), buffer), Error::bad_request);
    CHECK_EQUAL (disk.read (Extent::of (foreign, 511, 2), buffer), Error::bad_request);
    CHECK_EQUAL (disk.read (Extent::of (foreign, ~Word { 0 }, 2), buffer), Error::bad_request);
    CHECK_EQUAL (disk.read (Extent::of (foreign, 0, 0), buffer), Error::bad_request);
    CHECK_EQUAL (disk.write (Extent::of (ours, 2048, 1), buffer), Error::bad_request);
    CHECK_EQUAL (disk.read (Extent::of (block::unit (drive, 9), 0, 1), buffer), Error::not_found);
}

TEST_CASE ("DSK-005", "nobody writes to a whole drive, or to what is another system's", "")
{
    Awake const awake;
    CHECK_EQUAL (disk.write (Extent::of (block::unit (drive, 0), 0, 1), buffer), Error::refused);
    CHECK_EQUAL (disk.write (Extent::of (foreign, 0, 1), buffer), Error::refused);
    CHECK_EQUAL (disk.write (Extent::of (block::unit (drive, 4), 0, 1), buffer), Error::refused);
}

TEST_CASE ("DSK-006", "a request that is none is answered, and sectors must be whole", "")
{
    Awake const awake;
    drivers::Message message {};
    message.put (0x7777, rt::Nothing {});
    CHECK_EQUAL (disk.device ().ask (message), Error::bad_request);
    message.ask (block::Write { Extent::of (ours, 0, 2) });
    message.attach (buffer, block::sector_size);
    CHECK_EQUAL (disk.device ().ask (message), Error::bad_request);
    message.ask (block::Write { Extent::of (ours, 0, 1) });
    CHECK_EQUAL (disk.device ().ask (message), Error::bad_request);
    auto const counts = disk.statistics ();
    CHECK_EQUAL (counts.value.retries, 0u);
}

TEST_CASE ("ERR-001", "a sector that cannot be read is an error, the one beside it is not", "")
{
    Awake const awake;
    constexpr Word bad = 100;
    if (disk.read (Extent::of (foreign, bad, 1), buffer) == Error::none)
        SKIP ("the disk has no bad sectors");
    CHECK_EQUAL (disk.read (Extent::of (foreign, bad, 1), buffer), Error::device);
    CHECK_EQUAL (disk.read (Extent::of (foreign, bad - 1, 3), buffer), Error::device);
    for (Word const sector : { bad - 1, bad + 1 }) {
        CHECK_EQUAL (disk.read (Extent::of (foreign, sector, 1), buffer), Error::none);
        CHECK_EQUAL (buffer[1], sector << 16 | 1);
    }
    CHECK (disk.statistics ().value.resets != 0);
}

TEST_CASE ("ERR-002", "a sector that can be read at the second try is read", "")
{
    Awake const awake;
    constexpr Word reluctant = 200;
    if (disk.read (Extent::of (foreign, 100, 1), buffer) == Error::none)
        SKIP ("the disk has no bad sectors");
    Word const retries = disk.statistics ().value.retries;
    CHECK_EQUAL (disk.read (Extent::of (foreign, reluctant, 1), buffer), Error::none);
    CHECK_EQUAL (buffer[1], reluctant << 16 | 1);
    CHECK_EQUAL (disk.statistics ().value.retries, retries + 1);
}

TEST_CASE ("ERR-003", "a sector that cannot be written is an error, and the driver lives on", "")
{
    Awake const awake;
    constexpr Word bad = 50;
    fill (bad, 1, 1);
    if (disk.write (Extent::of (ours, bad, 1), buffer) == Error::none)
        SKIP ("the disk has no bad sectors");
    l4::ThreadId const life = disk.device ().thread ();
    CHECK_EQUAL (disk.write (Extent::of (ours, bad, 1), buffer), Error::device);
    fill (bad + 1, 1, 1);
    CHECK_EQUAL (disk.write (Extent::of (ours, bad + 1, 1), buffer), Error::none);
    CHECK_EQUAL (disk.read (Extent::of (ours, bad + 1, 1), buffer), Error::none);
    CHECK (holds (bad + 1, 1, 1));
    CHECK_EQUAL (disk.device ().thread (), life);
}
