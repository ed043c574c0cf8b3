// SPDX-License-Identifier: BSD-2-Clause
/// @file  Several Unix servers side by side: each is a program of its own, with its own root file
///        system and processes.
#include <framework/time.hpp>

#include "support.hpp"

namespace {

using namespace servers;

constexpr std::string_view endless = "unix:a --root test -c steady";

/// Whether a program is still there after a while.
bool runs_on (Word task)
{
    guest::sleep_milliseconds (20);
    return rt::call (root::service (), root::NameOfTask { task }).ok ();
}

}  // namespace

TEST_CASE ("UNX-001", "a Unix server is killed, and another one does not notice", "")
{
    root::StartResult const first = root::start (endless);
    REQUIRE (first.task != 0);
    root::StartResult const second = root::start ("unix:b --root test -c 'steady 100'");
    REQUIRE (second.task != 0);
    CHECK (runs_on (first.task));
    CHECK (runs_on (second.task));
    kill ("unix:a");
    CHECK_EQUAL (root::wait (first.task), root::status_killed);
    CHECK (runs_on (second.task));
    CHECK_EQUAL (root::wait (second.task), 0u);
}

TEST_CASE ("UNX-002", "a killed Unix server is started again beside the other one", "")
{
    root::StartResult const other = root::start ("unix:b --root test -c 'steady 200'");
    REQUIRE (other.task != 0);
    for (int round = 0; round < 3; ++round) {
        REQUIRE (root::start (endless, root::start_detached).task != 0);
        auto const restarted
            = rt::call (root::service (), root::RestartByName { "unix:a" });
        REQUIRE_EQUAL (restarted.error, rt::Error::none);
        CHECK (runs_on (restarted.value));
        kill ("unix:a");
    }
    CHECK_EQUAL (run ("unix:a --root test -c 'steady 5'"), 0u);
    CHECK_EQUAL (root::wait (other.task), 0u);
}

TEST_CASE ("UNX-003", "an instance has a name of its own, the rights of its program, and its end",
           "")
{
    CHECK_EQUAL (run ("unix:a -x"), 2u);
    CHECK_EQUAL (run ("unix: --root test -c 'hello x'"), 2u);
    CHECK_EQUAL (root::start ("nothere:unix").task, 0u);
    CHECK_EQUAL (root::start (":unix").task, 0u);
    // The policy gives them their modules by the program's name.
    CHECK_EQUAL (run ("unix:conformance --root test -c 'hello x y'"), 3u);
}
