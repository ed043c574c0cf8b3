// SPDX-License-Identifier: BSD-2-Clause
/// @file  Clans inside clans, as deep as they go.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/clan.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

/// What a task tries that may not have a clan. It is told by memory: messages would not reach it.
struct LastCreation {
    bool volatile may_begin { false };
    l4::ThreadId number {};
    l4::ThreadId owner {};
    l4::ThreadId created { l4::ThreadId::invalid () };
    l4::ThreadId handed_back { l4::ThreadId::nil () };

    static void attempt (void* creation)
    {
        auto& self = *static_cast<LastCreation*> (creation);
        while (!self.may_begin)
            sleep_milliseconds (1);
        self.created = rt::task_new (self.number, 255, 0, 0, rt::myself ());
        self.handed_back = rt::task_new (self.number, self.owner.low (), 0, 0,
                                         l4::ThreadId::nil ());
    }
};

}  // namespace

TEST_CASE ("CLN-022", "clans nest 15 deep, and no deeper", "V2-029 V2-012 V2-235")
{
    constexpr unsigned deepest = 15;
    LastCreation creation;
    ClanTask tasks[deepest] {};
    for (unsigned n = 0; n < deepest; ++n)
        tasks[n] = n + 1 < deepest ? ClanTask { [] (void*) {}, nullptr, &tasks[n + 1] }
                                   : ClanTask { LastCreation::attempt, &creation };
    reserve_clan (tasks[0]);
    creation.number = own_task_id (take_task_number ());
    creation.owner = rt::info_page ().own;
    found_clan (tasks[0]);
    ClanTask const& last = tasks[deepest - 1];
    CHECK_EQUAL (last.id.nest (), deepest);
    CHECK (!rt::task_new (creation.number, last.id.low (), 0, 0, l4::ThreadId::nil ()).is_nil ());
    creation.may_begin = true;
    REQUIRE (last.finish ());
    CHECK_EQUAL (creation.created, l4::ThreadId::nil ());
    // The number was and is the task's, to hand over if not to use.
    CHECK_EQUAL (creation.handed_back.task (), creation.number.task ());
}
