// SPDX-License-Identifier: BSD-2-Clause
/// @file  A driver is killed again and again while sectors are written and read. What it has
///        acknowledged must be there; what it has not may be there.
///
/// Each sector says which it is and which version, and its other words follow from these two. For
/// each sector: acknowledged version <= what is on the disk <= attempted version.
#include <framework/check.hpp>
#include <framework/random.hpp>
#include <framework/selection.hpp>
#include <framework/time.hpp>
#include <root/protocol.hpp>
#include <runtime/print.hpp>
#include <runtime/thread.hpp>
#include <supervisor/protocol.hpp>

#include "awake.hpp"
#include "data_disk.hpp"
#include "supervision.hpp"

using namespace guest;
using namespace data_disk;
using block::Extent;
using rt::Error;

namespace {

constexpr Word kills_per_time = 20;
constexpr Word blocks = 2048 / block::most_sectors;     ///< all of the partition `ours`
constexpr Microseconds a_second = 1'000'000;

/// What must be on the disk, block by block.
class Ledger {
public:
    /// Every block has version 1.
    void begin ()
    {
        for (Word n = 0; n < blocks; ++n) {
            attempted_[n] = acknowledged_[n] = 1;
            fill (n * block::most_sectors, block::most_sectors, 1);
            REQUIRE_EQUAL (drivers::persist ([&] { return disk_.write (extent (n), buffer); }),
                           Error::none);
        }
    }

    /// A new version, attempted until it is acknowledged, or once.
    void write (Word n, bool persistently)
    {
        Word const version = ++attempted_[n];
        auto const attempt = [&] {
            fill (n * block::most_sectors, block::most_sectors, version);
            return counted (disk_.write (extent (n), buffer));
        };
        Error const error = persistently ? drivers::persist (attempt) : attempt ();
        if (error == Error::none)
            acknowledged_[n] = version;
        else
            CHECK_EQUAL (error, Error::unavailable);
    }

    /// Read it, and compare.
    void check (Word n)
    {
        REQUIRE_EQUAL (
            drivers::persist ([&] { return counted (disk_.read (extent (n), buffer)); }),
            Error::none);
        for (Word i = 0; i < block::most_sectors; ++i) {
            Word const version = buffer[i * words_per_sector + 1];
            CHECK (version >= acknowledged_[n]);
            CHECK (version <= attempted_[n]);
            CHECK (sector_holds (i, n * block::most_sectors + i, version));
        }
    }

    /// Requests that a death has cut short.
    [[nodiscard]] Word interrupted () const { return interrupted_; }

private:
    [[nodiscard]] Error counted (Error error)
    {
        interrupted_ += error == Error::unavailable ? 1 : 0;
        return error;
    }

    [[nodiscard]] static Extent extent (Word n)
    {
        return Extent::of (ours, n * block::most_sectors, block::most_sectors);
    }

    block::Disk disk_ {};
    Word attempted_[blocks] {};
    Word acknowledged_[blocks] {};
    Word interrupted_ { 0 };
};

constinit Ledger ledger {};

/// Kills the driver at times that nobody foresees: it runs above the driver, and takes its
/// priority first, so that it stops at whatever instruction it is.
struct Killer {
    Word wanted;
    Word volatile done;
    Word seed;
};
constinit Killer killer {};
rt::Stack<4096> killer_stack;

void kill_often (void*)
{
    constexpr Word longest_pause = 6000;        // microseconds
    Random random { killer.seed };
    while (killer.done < killer.wanted) {
        rt::sleep_microseconds (random.below (longest_pause));
        l4::ThreadId const driver = root::find_name ("ide");
        if (driver.is_nil ())
            continue;
        if (random.below (2) == 0)
            set_priority (driver, 0);
        if (rt::call (root::service (), root::KillByName { "ide" }).ok ())
            killer.done = killer.done + 1;
    }
    rt::sleep_forever ();
}

}  // namespace

TEST_CASE ("KIL-001", "whenever a disk driver is killed, nothing that it has acknowledged is lost",
           "")
{
    Awake const awake;
    constexpr Word above = 60;
    Word const kills = kills_per_time * selection.times;
    Random random { 815 + selection.seed };
    ledger.begin ();
    Word const restarts = describe ("ide").restarts;
    killer.wanted = kills;
    killer.done = 0;
    killer.seed = 1 + random.next () / 2;
    set_priority (rt::start_thread (9, killer_stack.top (), kill_often), above);
    for (Word operations = 0; killer.done < kills; ++operations) {
        Word const n = random.below (blocks);
        if (random.below (3) == 0)
            ledger.check (n);
        else
            ledger.write (n, random.below (2) == 0);
    }
    for (Word n = 0; n < blocks; ++n)
        ledger.check (n);
    auto const about = describe ("ide");
    CHECK (about.restarts - restarts >= kills);
    CHECK (about.longest_outage < a_second);
    CHECK (ledger.interrupted () != 0);
    rt::print ("# ", kills, " kills, ", ledger.interrupted (),
               " requests cut short, longest outage ", about.longest_outage / 1000, " ms\n");
}
