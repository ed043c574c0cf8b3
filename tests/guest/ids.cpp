// SPDX-License-Identifier: BSD-2-Clause
/// @file  Unique identifiers and id_nearest.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/partner.hpp>
#include <framework/partner_task.hpp>
#include <framework/task_numbers.hpp>
#include <framework/threads.hpp>

using namespace guest;

namespace {

constexpr Word garbage = 0xDEADBEEF;

struct Identity {
    rt::NearestResult nearest {};
};

void ask_own_id (void* argument)
{
    static_cast<Identity*> (argument)->nearest = rt::id_nearest (l4::ThreadId::nil ());
}

}  // namespace

TEST_CASE ("IDS-001", "id_nearest of nil is the caller, whatever the high word",
           "V2-101 V2-023 V2-091")
{
    l4::ThreadId const expected = rt::info_page ().own.with_lthread (thread_number::test_case);
    auto const plain = rt::id_nearest (l4::ThreadId::nil ());
    CHECK_EQUAL (plain.nearest, expected);
    CHECK_EQUAL (plain.type, l4::Nearest::same_clan);
    auto const with_garbage = rt::id_nearest ({ 0, garbage });
    CHECK_EQUAL (with_garbage.nearest, expected);
    CHECK_EQUAL (with_garbage.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-002", "an id holds the numbers of thread and task, and site 0",
           "V2-102 V2-020")
{
    Identity identity;
    Partner& partner = start_partner (ask_own_id, &identity);
    REQUIRE (partner.finish ());
    l4::ThreadId const id = identity.nearest.nearest;
    CHECK_EQUAL (id.lthread (), thread_number::first_local_partner);
    CHECK_EQUAL (id.task (), rt::info_page ().own.task ());
    CHECK_EQUAL (id.site (), 0u);
}

TEST_CASE ("IDS-003", "ids of two threads of a task differ in the thread number only", "V2-103")
{
    Identity first;
    Identity second;
    REQUIRE (start_partner (ask_own_id, &first).finish ());
    REQUIRE (start_partner (ask_own_id, &second).finish ());
    l4::ThreadId const a = first.nearest.nearest;
    l4::ThreadId const b = second.nearest.nearest;
    CHECK (a != b);
    CHECK_EQUAL ((a.low () ^ b.low ()) & ~l4::ThreadId::Lthread::mask, 0u);
    CHECK_EQUAL (a.high (), b.high ());
}

TEST_CASE ("IDS-004", "id_nearest of another thread of the task is that thread", "V2-104")
{
    l4::ThreadId const other = rt::info_page ().own;
    auto const result = rt::id_nearest (other);
    CHECK_EQUAL (result.nearest, other);
    CHECK_EQUAL (result.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-005", "id_nearest of a thread that does not exist is that id", "V2-104")
{
    l4::ThreadId const nobody = rt::myself ().with_lthread (127);
    auto const result = rt::id_nearest (nobody);
    CHECK_EQUAL (result.nearest, nobody);
    CHECK_EQUAL (result.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-006", "id_nearest of the own chief is the chief", "V2-105 V2-026")
{
    auto const result = rt::id_nearest (l4::root_id);
    CHECK_EQUAL (result.nearest, l4::root_id);
    CHECK_EQUAL (result.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-007", "id_nearest of a thread of the clan of the chief is that thread",
           "V2-105 V2-026")
{
    auto const result = rt::id_nearest (l4::sigma0_id);
    CHECK_EQUAL (result.nearest, l4::sigma0_id);
    CHECK_EQUAL (result.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-008", "id_nearest of a task that the caller created is that task", "V2-106")
{
    l4::ThreadId const child = partner_task ().id ();
    auto const result = rt::id_nearest (child);
    CHECK_EQUAL (result.nearest, child);
    CHECK_EQUAL (result.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-009", "id_nearest of the invalid id is the own chief, outside", "V2-107")
{
    auto const result = rt::id_nearest (l4::ThreadId::invalid ());
    CHECK_EQUAL (result.nearest, l4::root_id);
    CHECK_EQUAL (result.type, l4::Nearest::outside);
}

TEST_CASE ("IDS-010", "a child of the root task has chief 4 and nest 0", "V2-110")
{
    l4::ThreadId const own = rt::myself ();
    CHECK_EQUAL (own.chief (), l4::root_task);
    CHECK_EQUAL (own.nest (), 0u);
}

TEST_CASE ("IDS-011", "a grandchild of the root task has its parent as chief, and nest 1", "V2-110")
{
    Identity identity;
    REQUIRE (partner_task ().start (ask_own_id, &identity).finish ());
    l4::ThreadId const id = identity.nearest.nearest;
    CHECK_EQUAL (id.chief (), rt::info_page ().own.task ());
    CHECK_EQUAL (id.nest (), 1u);
    CHECK_EQUAL (id.task (), partner_task ().id ().task ());
    CHECK_EQUAL (id.lthread (), thread_number::first_remote_partner);
    CHECK_EQUAL (identity.nearest.type, l4::Nearest::same_clan);
}

TEST_CASE ("IDS-012", "a grandchild gets the invalid id answered with its own chief", "V2-107")
{
    Identity identity;
    auto const ask = [] (void* argument) {
        static_cast<Identity*> (argument)->nearest = rt::id_nearest (l4::ThreadId::invalid ());
    };
    REQUIRE (partner_task ().start (ask, &identity).finish ());
    CHECK_EQUAL (identity.nearest.nearest, rt::info_page ().own);
    CHECK_EQUAL (identity.nearest.type, l4::Nearest::outside);
}
