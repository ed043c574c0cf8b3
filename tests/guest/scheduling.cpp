// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_schedule: priorities, time slices, states.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/clan.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr l4::ScheduleParameter read_only { l4::unchanged };

rt::ScheduleResult schedule (l4::ThreadId thread, l4::ScheduleParameter parameter,
                             l4::ThreadId preempter = l4::ThreadId::invalid ())
{
    return rt::thread_schedule (thread, parameter, preempter);
}

[[nodiscard]] l4::ScheduleParameter parameters_of (l4::ThreadId thread)
{
    return schedule (thread, read_only).old;
}

[[nodiscard]] l4::ScheduleParameter with_priority (l4::ScheduleParameter old, Word priority)
{
    return { priority, old.slice () };
}

/// Give `thread` a priority next to the caller's, without touching its time slice.
void change_priority (l4::ThreadId thread, int difference)
{
    l4::ScheduleParameter const own = parameters_of (rt::myself ());
    Word const priority = own.priority () + static_cast<Word> (difference);
    auto const result = schedule (thread, with_priority (parameters_of (thread), priority));
    CHECK (!result.old.is_read_only ());
    CHECK_EQUAL (parameters_of (thread).priority (), priority);
}

[[nodiscard]] Word state_of (l4::ThreadId thread) { return parameters_of (thread).state (); }

/// What a task with a small mcp may do to its own thread.
struct Modest {
    Word mcp;
    l4::ScheduleParameter first { 0 };
    l4::ScheduleParameter above { 0 };
    l4::ScheduleParameter kept { 0 };
    l4::ScheduleParameter last { 0 };
    bool volatile done { false };
};

void change_own_priority (void* argument)
{
    auto& self = *static_cast<Modest*> (argument);
    l4::ThreadId const own = rt::myself ();
    self.first = parameters_of (own);
    static_cast<void> (rt::wait ());
    self.above = schedule (own, with_priority (parameters_of (own), self.mcp + 1)).old;
    self.kept = parameters_of (own);
    schedule (own, with_priority (self.kept, self.mcp));
    self.last = parameters_of (own);
    self.done = true;
    rt::sleep_forever ();
}

/// How far the busy thread counts in 20 ms of the case's sleep.
[[nodiscard]] Word progress_while_sleeping ()
{
    Word const before = guest_count;
    sleep_milliseconds (20);
    return guest_count - before;
}

}  // namespace

TEST_CASE ("SCH-001", "a ready thread has its creator's priority and state 0", "V2-208 V2-299")
{
    FreshThread const thread = start_fresh_thread (guest_busy);
    l4::ScheduleParameter const own = parameters_of (rt::myself ());
    l4::ScheduleParameter const its = parameters_of (thread.id);
    CHECK_EQUAL (its.priority (), own.priority ());
    CHECK_EQUAL (its.slice ().microseconds (), own.slice ().microseconds ());
    CHECK_EQUAL (its.state (), l4::ThreadStateCode::running);
    CHECK_EQUAL (own.state (), l4::ThreadStateCode::running);
    CHECK_EQUAL (its.small_space (), own.small_space ());
}

TEST_CASE ("SCH-002", "a waiting thread has state C and its source", "V2-209")
{
    Exchange closed = Exchange::from (rt::myself ());
    Partner& from_me = begin (closed);
    auto const first = schedule (from_me.id (), read_only);
    CHECK_EQUAL (first.old.state (), l4::ThreadStateCode::waiting);
    CHECK_EQUAL (first.partner, rt::myself ());
    Exchange open = Exchange::wait ();
    Partner& from_all = begin (open, Space::other);
    auto const second = schedule (from_all.id (), read_only);
    CHECK_EQUAL (second.old.state (), l4::ThreadStateCode::waiting);
    CHECK_EQUAL (second.partner, l4::ThreadId::invalid ());
}

TEST_CASE ("SCH-003", "a thread that waits to send has state D and its destination", "V2-210")
{
    Exchange order = Exchange::to (rt::myself (), {});
    Partner& partner = begin (order);
    auto const result = schedule (partner.id (), read_only);
    CHECK_EQUAL (result.old.state (), l4::ThreadStateCode::pending);
    CHECK_EQUAL (result.partner, rt::myself ());
}

TEST_CASE ("SCH-004", "a thread that is shut down or was never started has state F", "V2-211")
{
    guest_address = 0xC0000000;
    FreshThread const thread = start_fresh_thread (guest_read_busily);
    settle ();
    CHECK_EQUAL (state_of (thread.id), l4::ThreadStateCode::dead);
    Word const lthread = fresh_lthread ();
    ex_regs (lthread, l4::unchanged, l4::unchanged);
    CHECK_EQUAL (state_of (rt::myself ().with_lthread (lthread)), l4::ThreadStateCode::dead);
}

TEST_CASE ("SCH-005", "a thread in a page fault is running, with the RPC as its sub-state",
           "V2-094 V2-317")
{
    guest_address = 0x12345000;
    FreshThread const thread = start_fresh_thread (guest_read_busily, rt::myself ());
    REQUIRE (rt::receive (thread.id, within (500)).dope.ok ());
    CHECK_EQUAL (state_of (thread.id), 1u);
}

TEST_CASE ("SCH-006", "ids that name nothing are refused", "V2-214")
{
    l4::ThreadId const nobody = rt::myself ().with_lthread (fresh_lthread ());
    for (l4::ThreadId id : { nobody, own_task_id (foreign_task_number ()), l4::ThreadId::nil (),
                             l4::ThreadId::invalid (), l4::interrupt_id (3) })
        CHECK_EQUAL (schedule (id, read_only).old.raw (), l4::unchanged);
}

TEST_CASE ("SCH-007", "a thread that is raised above the caller runs at once", "V2-212")
{
    guest_count = 0;
    Word const lthread = fresh_lthread ();
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    ex_regs (lthread, fresh_stack (), l4::unchanged);
    change_priority (thread, -1);
    ex_regs (lthread, l4::unchanged, address_of (guest_report_registers));
    sleep_milliseconds (2);
    CHECK (await_report (10));
    // Lower than the case, it does not run while the case does; raised, it runs before the call
    // returns, and then sleeps.
    ex_regs (lthread, l4::unchanged, address_of (guest_report_registers));
    Microseconds const limit = now () + 20 * kernel_tick;
    while (now () < limit)
        ;
    CHECK_EQUAL (guest_reports, 0u);
    Word const above = parameters_of (rt::myself ()).priority () + 1;
    schedule (thread, with_priority (parameters_of (thread), above));
    CHECK_EQUAL (guest_reports, 1u);
}

TEST_CASE ("SCH-008", "a thread of lower priority runs when nobody else does", "V2-294 V2-212")
{
    guest_count = 0;
    FreshThread const thread = start_fresh_thread (guest_busy);
    change_priority (thread.id, -1);
    Word const before = guest_count;
    Microseconds const limit = now () + 30 * kernel_tick;
    while (now () < limit)
        ;
    CHECK_EQUAL (guest_count, before);
    CHECK (progress_while_sleeping () != 0);
    schedule (thread.id, with_priority (parameters_of (thread.id), 0));
    CHECK_EQUAL (parameters_of (thread.id).priority (), 0u);
    CHECK (progress_while_sleeping () != 0);
}

TEST_CASE ("SCH-009", "a switch runs a ready thread of lower priority", "V2-206")
{
    guest_count = 0;
    FreshThread const thread = start_fresh_thread (guest_busy);
    change_priority (thread.id, -1);
    Word const before = guest_count;
    rt::thread_switch (thread.id);
    CHECK (guest_count != before);
}

TEST_CASE ("SCH-010", "a thread of higher priority that wakes up preempts", "V2-212 V2-076")
{
    Exchange order = Exchange::wait (within (10));
    Partner& partner = start_partner (exchange, &order);
    change_priority (partner.id (), +1);
    Microseconds const limit = now () + 50 * kernel_tick;
    while (now () < limit && order.pending ())
        ;
    CHECK (!order.pending ());
    schedule (partner.id (), with_priority (parameters_of (partner.id ()),
                                            parameters_of (rt::myself ()).priority ()));
}

TEST_CASE ("SCH-011", "a time slice reads back as it was set, or rounded to the tick",
           "V2-215 V2-295")
{
    FreshThread const thread = start_fresh_thread (guest_park_forever);
    Word const priority = parameters_of (thread.id).priority ();
    schedule (thread.id, { priority, { 10, 1 } });
    auto const slice = parameters_of (thread.id).slice ();
    CHECK (slice.microseconds () >= 1000 && slice.microseconds () <= 2048);
    schedule (thread.id, { priority, { 0, 0 } });
    CHECK (parameters_of (thread.id).slice ().is_infinite ());
    schedule (thread.id, { priority, { 1, 0 } });
    CHECK (parameters_of (thread.id).slice ().is_zero ());
}

TEST_CASE ("SCH-012", "a thread without a time slice runs on donated time only", "V2-216")
{
    guest_count = 0;
    Word const lthread = fresh_lthread ();
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    ex_regs (lthread, fresh_stack (), l4::unchanged);
    schedule (thread, { parameters_of (thread).priority (), { 1, 0 } });
    ex_regs (lthread, l4::unchanged, address_of (guest_busy));
    CHECK_EQUAL (progress_while_sleeping (), 0u);
    Word const before = guest_count;
    rt::thread_switch (thread);
    CHECK (guest_count != before);
    CHECK_EQUAL (progress_while_sleeping (), 0u);
}

TEST_CASE ("SCH-013", "the external preempter is stored and returned", "V2-217 V2-325")
{
    FreshThread const thread = start_fresh_thread (guest_park_forever);
    CHECK_EQUAL (schedule (thread.id, read_only).old_preempter, l4::ThreadId::nil ());
    CHECK_EQUAL (schedule (thread.id, read_only, rt::myself ()).old_preempter,
                 l4::ThreadId::nil ());
    CHECK_EQUAL (schedule (thread.id, read_only).old_preempter, rt::myself ());
    CHECK_EQUAL (schedule (thread.id, read_only, l4::ThreadId::nil ()).old_preempter,
                 rt::myself ());
    CHECK_EQUAL (schedule (thread.id, read_only).old_preempter, l4::ThreadId::nil ());
}

TEST_CASE ("SCH-014", "processor time grows for a busy thread and not for a sleeping one",
           "V2-218 V2-296")
{
    FreshThread const busy = start_fresh_thread (guest_busy);
    FreshThread const asleep = start_fresh_thread (guest_park_forever);
    settle ();
    Word const busy_before = schedule (busy.id, read_only).time_low;
    Word const asleep_before = schedule (asleep.id, read_only).time_low;
    sleep_milliseconds (50);
    Word const busy_time = schedule (busy.id, read_only).time_low - busy_before;
    CHECK (busy_time >= 40 * kernel_tick && busy_time <= 60 * kernel_tick);
    CHECK_EQUAL (schedule (asleep.id, read_only).time_low, asleep_before);
}

TEST_CASE ("SCH-015", "small space values 0 and 255 change nothing", "V2-219 V2-351")
{
    PartnerTask& task = partner_task ();
    l4::ScheduleParameter const before = parameters_of (task.id ());
    for (Word field : { 0u, 255u }) {
        schedule (task.id (), { before.priority (), before.slice (), field });
        CHECK_EQUAL (parameters_of (task.id ()).small_space (), before.small_space ());
    }
    CHECK_EQUAL (parameters_of (task.id ()).priority (), before.priority ());
}

TEST_CASE ("SCH-016", "the remaining timeout of a waiting thread can be read", "V2-094 V2-296")
{
    Exchange order = Exchange::wait (within (1000));
    Partner& partner = begin (order);
    auto const result = schedule (partner.id (), read_only);
    l4::Timeout const left { result.time_high >> 20 & 0xF, result.time_high >> 24 };
    CHECK (!left.is_infinite ());
    CHECK (left.microseconds () <= within (1000).receive ().microseconds ());
    CHECK (left.microseconds () >= 900 * kernel_tick);
    Exchange endless = Exchange::wait ();
    CHECK_EQUAL (schedule (begin (endless).id (), read_only).time_high >> 20 & 0xF, 0u);
}

TEST_CASE ("SCH-017", "a task sets and reaches priorities up to its mcp",
           "V2-212 V2-213 V2-234 V2-293")
{
    Word const own = parameters_of (rt::myself ()).priority ();
    REQUIRE (own >= 4);
    Modest modest { own - 2 };
    l4::ThreadId const id = create_task (own_task_id (take_task_number ()), modest.mcp,
                                         change_own_priority, &modest);
    REQUIRE (!id.is_nil ());
    settle ();
    // It began with this task's priority, which is above its mcp.
    CHECK_EQUAL (modest.first.raw (), l4::unchanged);
    schedule (id, with_priority (parameters_of (id), own - 3));
    CHECK (rt::send (id, {}, bounded).ok ());
    sleep_milliseconds (20);
    REQUIRE (modest.done);
    CHECK_EQUAL (modest.above.priority (), own - 3);
    CHECK_EQUAL (modest.kept.priority (), own - 3);
    CHECK_EQUAL (modest.last.priority (), modest.mcp);
}

TEST_CASE ("SCH-018", "an mcp cannot exceed the creator's", "V2-234 V2-098")
{
    Word const own = parameters_of (rt::myself ()).priority ();
    REQUIRE (own >= 4);
    Modest modest { own - 2 };
    ClanTask child { change_own_priority, &modest };
    ClanTask parent { [] (void*) {}, nullptr, &child };
    parent.mcp = own - 2;
    reserve_clan (parent);
    found_clan (parent);
    settle ();
    // With mcp 255 the child could read its own parameters; with its creator's it cannot.
    CHECK_EQUAL (modest.first.raw (), l4::unchanged);
}
