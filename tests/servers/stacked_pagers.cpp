// SPDX-License-Identifier: BSD-2-Clause
/// @file  The guard, a pager on top of a pager.
#include "support.hpp"

using namespace servers;

namespace {

/// The guard with another one below it.
[[nodiscard]] l4::ThreadId guard_on (std::string_view command_line)
{
    rt::call (root::service (), root::KillByName { "guard_pager" });
    return server (command_line);
}

}  // namespace

TEST_CASE ("STK-001", "each program has its own rights to one object", "")
{
    static_cast<void> (server ("default_pager"));
    l4::ThreadId const guard = guard_on ("guard_pager default_pager 8 touch=r servertest=w");
    Attached const memory { guard, 8 };
    for (Word page = 0; page < 8; ++page)
        memory.word (page) = 0;
    CHECK_EQUAL (run ("touch guard_pager 8 read"), 0u);
    CHECK_EQUAL (run ("touch guard_pager 8 write"), root::status_fault);
    memory.word (3) = 33;
    CHECK_EQUAL (memory.word (3), 33u);
}

TEST_CASE ("STK-002", "who is not on the list has no object", "")
{
    static_cast<void> (server ("default_pager"));
    l4::ThreadId const guard = guard_on ("guard_pager default_pager 8 touch=w *=n");
    CHECK_EQUAL (pagers::open (guard, 8).error, rt::Error::refused);
    CHECK_EQUAL (run ("touch guard_pager 8 write 2"), 0u);
}

TEST_CASE ("STK-003", "a guard on an evicting pager loses nothing", "")
{
    static_cast<void> (server ("memory_store"));
    static_cast<void> (server ("evicting_pager 16"));
    l4::ThreadId const guard = guard_on ("guard_pager evicting_pager 48 servertest=w");
    Attached const memory { guard, 48 };
    for (Word round = 0; round < 3; ++round)
        for (Word page = 0; page < 48; ++page) {
            CHECK_EQUAL (memory.word (page), round == 0 ? 0 : page + round - 1);
            memory.word (page) = page + round;
        }
    rt::call (root::service (), root::KillByName { "guard_pager" });
}
