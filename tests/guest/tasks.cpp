// SPDX-License-Identifier: BSD-2-Clause
/// @file  task_new: creating tasks, and handing numbers on.
#include <runtime/info_page.hpp>
#include <runtime/thread.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word any_mcp = 255;

/// A task that reports its registers and parks.
[[nodiscard]] l4::ThreadId create_reporter (l4::ThreadId id, Address stack)
{
    return rt::task_new (id, any_mcp, stack, address_of (guest_report_registers), pager_id ());
}

/// task_new by a thread of the partner task.
struct RemoteCreation {
    l4::ThreadId id;
    Address stack;
    l4::ThreadId pager;
    Word first_argument { any_mcp };
    l4::ThreadId result { l4::ThreadId::invalid () };
};

void create_remotely (void* argument)
{
    auto& order = *static_cast<RemoteCreation*> (argument);
    order.result = rt::task_new (order.id, order.first_argument, order.stack,
                                 address_of (guest_report_registers), order.pager);
}

/// Nothing runs under this number.
void check_inactive (Word number)
{
    auto const sent = rt::send (own_task_id (number), {}, no_waiting);
    CHECK_EQUAL (sent.raw (), l4::IpcError::not_existent);
    CHECK (!await_report (10));
}

}  // namespace

TEST_CASE ("TSK-001", "a new task has its number and its creator in its id", "V2-230 V2-099")
{
    Word const number = take_task_number ();
    l4::ThreadId const id = create_reporter (own_task_id (number), fresh_stack ());
    CHECK_EQUAL (id.task (), number);
    CHECK_EQUAL (id.lthread (), 0u);
    CHECK_EQUAL (id.chief (), rt::info_page ().own.task ());
    CHECK_EQUAL (id.nest (), 1u);
    CHECK_EQUAL (id, own_task_id (number));
    CHECK (await_report ());
}

TEST_CASE ("TSK-002", "the first thread of a task starts as told, with registers 0",
           "V2-230 V2-098")
{
    Address const stack = fresh_stack ();
    REQUIRE (!create_reporter (own_task_id (take_task_number ()), stack).is_nil ());
    REQUIRE (await_report ());
    RegisterImage const seen = registers_seen ();
    CHECK_EQUAL (seen.esp, stack - 4);
    CHECK_EQUAL (seen.eax, 0u);
    CHECK_EQUAL (seen.ecx, 0u);
    CHECK_EQUAL (seen.edx, 0u);
    CHECK_EQUAL (seen.ebx, 0u);
    CHECK_EQUAL (seen.ebp, 0u);
    CHECK_EQUAL (seen.esi, 0u);
    CHECK_EQUAL (seen.edi, 0u);
    CHECK_EQUAL (seen.eflags, flag_reserved | flag_interrupt);
}

TEST_CASE ("TSK-003", "a new task has no page: its first instruction faults", "V2-230 V2-098")
{
    Word const number = take_task_number ();
    Address const entry = address_of (guest_report_registers);
    l4::ThreadId const id
        = rt::task_new (own_task_id (number), any_mcp, fresh_stack (), entry, rt::myself ());
    REQUIRE (!id.is_nil ());
    auto const fault = rt::receive (id, within (500));
    CHECK_EQUAL (fault.dope.raw (), 0x00004000u);
    CHECK_EQUAL (fault.source, id);
    CHECK_EQUAL (fault.w0, entry & ~Word { 3 });
    CHECK_EQUAL (fault.w1, entry);
}

TEST_CASE ("TSK-004", "EDI and the thread number of the id do not matter", "V2-236 V2-097")
{
    Word const number = take_task_number ();
    l4::ThreadId const plain = own_task_id (number);
    l4::ThreadId const strange { plain.with_lthread (77).low (), 0xDEADBEEF };
    CHECK_EQUAL (create_reporter (strange, fresh_stack ()), plain);
    CHECK (await_report ());
}

TEST_CASE ("TSK-005", "who does not own a number cannot create a task with it", "V2-231")
{
    Word const number = foreign_task_number ();
    CHECK_EQUAL (create_reporter (own_task_id (number), fresh_stack ()), l4::ThreadId::nil ());
    check_inactive (number);
    Word const own = take_task_number ();
    RemoteCreation order { own_task_id (own), fresh_stack (), pager_id () };
    REQUIRE (partner_task ().start (create_remotely, &order).finish ());
    CHECK_EQUAL (order.result, l4::ThreadId::nil ());
    check_inactive (own);
}

TEST_CASE ("TSK-006", "the initial tasks cannot be created again", "V2-231 V2-305")
{
    for (Word number : { 0u, 1u, l4::sigma0_task, l4::sigma1_task, l4::root_task }) {
        l4::ThreadId const id = l4::ThreadId::make ({ number, 0, 0, l4::root_task, 0, 0 });
        CHECK_EQUAL (create_reporter (id, fresh_stack ()), l4::ThreadId::nil ());
        CHECK_EQUAL (rt::task_new (id, rt::myself ().low (), 0, 0, l4::ThreadId::nil ()),
                     l4::ThreadId::nil ());
        reset_stacks ();
    }
    CHECK (!await_report (10));
    CHECK (rt::call (l4::sigma0_id, { 0xFFFFFF00, 0 }, bounded).dope.ok ());
}

TEST_CASE ("TSK-007", "a task cannot create itself anew", "V2-238")
{
    l4::ThreadId const own = rt::info_page ().own;
    CHECK_EQUAL (create_reporter (own, fresh_stack ()), l4::ThreadId::nil ());
    CHECK_EQUAL (rt::task_new (own, own.low (), 0, 0, l4::ThreadId::nil ()),
                 l4::ThreadId::nil ());
    RemoteCreation order { partner_task ().id (), fresh_stack (), pager_id () };
    REQUIRE (partner_task ().start (create_remotely, &order).finish ());
    CHECK_EQUAL (order.result, l4::ThreadId::nil ());
}

TEST_CASE ("TSK-008", "a number handed on belongs to its new owner alone", "V2-233 V2-099")
{
    // An heir that ends with the case; the number comes back from it, so it is taken later.
    l4::ThreadId const heir = partner_task (2).id ();
    Word const number = take_task_number ();
    l4::ThreadId const inactive
        = rt::task_new (own_task_id (number), heir.low (), 0, 0, l4::ThreadId::nil ());
    CHECK_EQUAL (inactive.task (), number);
    CHECK_EQUAL (inactive.chief (), heir.task ());
    CHECK_EQUAL (create_reporter (own_task_id (number), fresh_stack ()), l4::ThreadId::nil ());
    CHECK (!await_report (10));
    // The new task has no pager that exists, and shuts down.
    RemoteCreation order { { number << 17, 0 }, fresh_stack (), heir.with_lthread (127) };
    REQUIRE (partner_task (2).start (create_remotely, &order).finish ());
    CHECK_EQUAL (order.result.task (), number);
    CHECK_EQUAL (order.result.chief (), heir.task ());
    CHECK_EQUAL (order.result.nest (), 2u);
}

TEST_CASE ("TSK-009", "a number cannot be handed to a task that does not exist", "V2-233")
{
    Word const number = take_task_number ();
    l4::ThreadId const nobody = own_task_id (foreign_task_number ());
    CHECK_EQUAL (rt::task_new (own_task_id (number), nobody.low (), 0, 0, l4::ThreadId::nil ()),
                 l4::ThreadId::nil ());
    // The number is still the caller's: it can hand it to itself.
    CHECK (!rt::task_new (own_task_id (number), rt::myself ().low (), 0, 0, l4::ThreadId::nil ())
                .is_nil ());
}

TEST_CASE ("TSK-010", "an inactive number of the own task stays usable", "V2-233")
{
    Word const number = take_task_number ();
    l4::ThreadId const own = rt::info_page ().own;
    l4::ThreadId const inactive
        = rt::task_new (own_task_id (number), own.low (), 0, 0, l4::ThreadId::nil ());
    CHECK_EQUAL (inactive.task (), number);
    CHECK_EQUAL (inactive.chief (), own.task ());
    check_inactive (number);
    CHECK (!create_reporter (own_task_id (number), fresh_stack ()).is_nil ());
    CHECK (await_report ());
}

TEST_CASE ("TSK-011", "a new task shares nothing with another", "V2-098")
{
    Address const source = take_pages ();
    Address const target = fresh_window ();
    REQUIRE (map_into (l4::Fpage::memory (target, l4::page_bits), 0,
                       l4::Fpage::memory (source, l4::page_bits), 0).receiver.dope.mapped ());
    CHECK (sees_page (target, source, 0));
    CHECK (sees_nothing (target, 1));
}
