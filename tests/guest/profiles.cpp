// SPDX-License-Identifier: BSD-2-Clause
/// @file  The two profiles: who may create which task.
#include <l4/task_parameter.hpp>
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word any_mcp = 255;

/// A task that reports its registers and parks.
[[nodiscard]] l4::ThreadId create_reporter (Word number, Word first_argument)
{
    return rt::task_new (own_task_id (number), first_argument, fresh_stack (),
                         address_of (guest_report_registers), pager_id ());
}

}  // namespace

TEST_CASE ("PRF-001", "a task without all ports cannot create an l4env task", "V2-264 V2-266")
{
    Word const number = take_task_number ();
    auto const l4env = l4::TaskParameter::make (any_mcp, l4::Profile::l4env);
    CHECK_EQUAL (create_reporter (number, l4env.raw ()), l4::ThreadId::nil ());
    CHECK (!await_report (10));
}

TEST_CASE ("PRF-002", "profile 3 does not exist, and a call that asks for it does nothing",
           "V2-263 V2-097")
{
    Word const number = take_task_number ();
    REQUIRE (!create_reporter (number, any_mcp).is_nil ());
    REQUIRE (await_report ());
    CHECK_EQUAL (create_reporter (number, any_mcp | 3 << 8), l4::ThreadId::nil ());
    CHECK (!await_report (10));
    // The task is still there: nobody has deleted it.
    l4::ScheduleParameter const read_only { ~Word { 0 } };
    CHECK (!rt::thread_schedule (own_task_id (number), read_only).old.is_read_only ());
}

TEST_CASE ("PRF-003", "a strict task creates strict ones, asked for or not", "V2-261 V2-263")
{
    auto const strict = l4::TaskParameter::make (any_mcp, l4::Profile::strict);
    for (Word const parameter : { any_mcp, strict.raw () }) {
        REQUIRE (!create_reporter (take_task_number (), parameter).is_nil ());
        REQUIRE (await_report ());
        CHECK_EQUAL (registers_seen ().eflags & flag_io_privilege, 0u);
    }
}
