// SPDX-License-Identifier: BSD-2-Clause
/// @file  Programs side by side, and their names.
#include "support.hpp"

using namespace servers;

TEST_CASE ("NAM-001", "a server is found by its name as long as it lives", "")
{
    CHECK (root::find_name ("realtime_memory").is_nil ());
    l4::ThreadId const thread = server ("realtime_memory");
    CHECK_EQUAL (root::find_name ("realtime_memory"), thread);
    rt::Name const name { "realtime_memory" };
    CHECK_EQUAL (rt::call (root::service (), root::KillByName { name }).error, rt::Error::none);
    CHECK (root::find_name ("realtime_memory").is_nil ());
}

TEST_CASE ("NAM-002", "a name that the policy does not give is refused", "")
{
    for (std::string_view const name : { "framebuffer", "nobody" }) {
        auto const bound = rt::call (root::service (), root::BindName { name });
        CHECK_EQUAL (bound.error, rt::Error::refused);
        CHECK (root::find_name (name).is_nil ());
    }
    auto const own = rt::call (root::service (), root::BindName { "servertest" });
    CHECK_EQUAL (own.error, rt::Error::none);
    CHECK_EQUAL (root::find_name ("servertest"), rt::myself ());
}

TEST_CASE ("NAM-003", "the name of a task is that of its program, also for tasks it may create", "")
{
    for (Word const task : { rt::info_page ().own.task (), rt::info_page ().first_task }) {
        auto const name = rt::call (root::service (), root::NameOfTask { task });
        CHECK_EQUAL (name.error, rt::Error::none);
        CHECK (name.value.view () == "servertest");
    }
    CHECK_EQUAL (rt::call (root::service (), root::NameOfTask { 2047 }).error,
                 rt::Error::not_found);
}

TEST_CASE ("PRG-001", "programs are listed with name, task and memory", "")
{
    bool seen = false;
    Word index = 0;
    for (;; ++index) {
        auto const program = rt::call (root::service (), root::Describe { index });
        if (!program.ok ())
            break;
        if (program.value.id != rt::info_page ().own)
            continue;
        seen = true;
        CHECK (program.value.name.view () == "servertest");
        CHECK (program.value.memory > 0 && program.value.memory <= program.value.memory_limit);
        CHECK_EQUAL (program.value.task_count, rt::info_page ().task_count);
    }
    CHECK (seen);
    CHECK (index >= 2);
}

TEST_CASE ("PRG-002", "a program ends with the one that started it", "")
{
    CHECK_EQUAL (run ("offender family"), 0u);
    CHECK (root::find_name ("colour_memory").is_nil ());
}

TEST_CASE ("PRG-003", "restart gives a program a new life under its old name", "")
{
    l4::ThreadId const before = server ("realtime_memory");
    auto const restarted = rt::call (root::service (), root::RestartByName { "realtime_memory" });
    REQUIRE_EQUAL (restarted.error, rt::Error::none);
    l4::ThreadId const after = root::await_name ("realtime_memory");
    CHECK (!after.is_nil () && after != before);
    CHECK_EQUAL (after.task (), restarted.value);
    CHECK_EQUAL (rt::send (before, {}, { l4::Timeout::zero (), l4::Timeout::zero () }).error (),
                 l4::IpcError::not_existent);
}

TEST_CASE ("PRG-004", "a request that says too little is a bad one", "")
{
    rt::IpcResult const answer = rt::call (root::service (), { root::BindName::operation, 0 });
    CHECK_EQUAL (answer.w0, static_cast<Word> (rt::Error::bad_request));
    CHECK_EQUAL (rt::call (root::service (), { 0x1234, 0 }).w0,
                 static_cast<Word> (rt::Error::bad_request));
}
