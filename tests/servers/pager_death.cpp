// SPDX-License-Identifier: BSD-2-Clause
/// @file  The death of a pager is the end of its clients, and of nobody else.
#include <framework/time.hpp>

#include "support.hpp"

using namespace servers;

namespace {

constexpr Word rounds_of_seconds = 200;

}  // namespace

TEST_CASE ("DTH-001", "a pager that is killed takes its clients along, and no others", "")
{
    Attached const mine { server ("default_pager"), 4 };
    mine.word (0) = 4711;
    static_cast<void> (server ("colour_memory"));
    root::StartResult const client = root::start ("touch colour_memory 4 write 200");
    REQUIRE (client.task != 0);
    guest::sleep_milliseconds (50);
    CHECK (!root::wait (client.task, l4::Timeout::at_least (1000)).ended);
    kill ("colour_memory");
    CHECK_EQUAL (root::wait (client.task), root::status_fault);
    CHECK_EQUAL (mine.word (0), 4711u);
    mine.word (1) = 4712;
    CHECK_EQUAL (mine.word (1), 4712u);
}

TEST_CASE ("DTH-002", "a restarted pager has new clients", "")
{
    static_cast<void> (server ("colour_memory"));
    CHECK_EQUAL (run ("touch colour_memory 4 write 2"), 0u);
    REQUIRE (rt::call (root::service (), root::RestartByName { "colour_memory" }).ok ());
    REQUIRE (!root::await_name ("colour_memory").is_nil ());
    CHECK_EQUAL (run ("touch colour_memory 4 write 2"), 0u);
}

TEST_CASE ("DTH-003", "the death of the pager below ends the clients of the guard", "")
{
    static_cast<void> (server ("colour_memory"));
    rt::call (root::service (), root::KillByName { "guard_pager" });
    static_cast<void> (server ("guard_pager colour_memory 4 *=w"));
    root::StartResult const client = root::start ("touch guard_pager 4 write 200");
    REQUIRE (client.task != 0);
    guest::sleep_milliseconds (50);
    kill ("colour_memory");
    CHECK_EQUAL (root::wait (client.task), root::status_fault);
    kill ("guard_pager");
}

TEST_CASE ("DTH-004", "memory of dead clients is used again", "")
{
    l4::ThreadId const pager = server ("realtime_memory");
    auto const full = pagers::open (pager, 256);
    REQUIRE_EQUAL (full.error, rt::Error::none);
    pagers::close (full.value);
    for (unsigned i = 0; i < 4; ++i)
        CHECK_EQUAL (run ("touch realtime_memory 90 write"), 0u);
}
