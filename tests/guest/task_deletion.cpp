// SPDX-License-Identifier: BSD-2-Clause
/// @file  Deleting tasks: what goes with them, and what they leave behind. Versions.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/clan.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word any_mcp = 255;

/// A task of the case: one thread at `entry`, on a stack of its own.
l4::ThreadId create (l4::ThreadId id, void (&entry) (), Word mcp = any_mcp)
{
    return rt::task_new (id, mcp, fresh_stack (), address_of (entry), pager_id ());
}

/// Make the number inactive again. @return whether the kernel did
bool remove (Word number)
{
    return !rt::task_new (own_task_id (number), rt::myself ().low (), 0, 0, l4::ThreadId::nil ())
                .is_nil ();
}

[[nodiscard]] bool exists (l4::ThreadId id)
{
    return rt::send (id, {}, no_waiting).error ()
           != static_cast<Word> (l4::IpcError::not_existent);
}

/// A task that lives for this case, with partners.
struct ShortLived {
    PartnerTask& task { partner_task (lasting_partner_tasks) };

    [[nodiscard]] Word number () const { return task.id ().task (); }
};

}  // namespace

TEST_CASE ("DEL-001", "a task that is made inactive is gone with all its threads",
           "V2-100 V2-232 V2-117")
{
    ShortLived const victim;
    Exchange order = Exchange::wait ();
    Partner& partner = victim.task.start (exchange, &order);
    settle ();
    CHECK (exists (partner.id ()));
    REQUIRE (remove (victim.number ()));
    CHECK (!exists (victim.task.id ()));
    CHECK (!exists (partner.id ()));
}

TEST_CASE ("DEL-002", "an active task_new replaces an existing task", "V2-232 V2-230")
{
    Word const number = take_task_number ();
    guest_count = 0;
    l4::ThreadId const id = create (own_task_id (number), guest_busy);
    REQUIRE (!id.is_nil ());
    settle ();
    CHECK (guest_count != 0);
    CHECK_EQUAL (create (own_task_id (number), guest_report_registers), id);
    REQUIRE (await_report ());
    Word const before = guest_count;
    settle ();
    CHECK_EQUAL (guest_count, before);
}

TEST_CASE ("DEL-003", "mappings that come from a deleted task are gone", "V2-232 V2-187 V2-100")
{
    ShortLived const victim;
    Address const source = take_pages ();
    Address const middle = fresh_window ();
    Address const target = fresh_window ();
    map_page (source, middle, lasting_partner_tasks);
    Exchange receiver = Exchange::wait (bounded);
    receiver.receive
        = l4::ReceiveDescriptor::map_window (l4::Fpage::memory (target, l4::page_bits)).open ();
    Partner& receiving = partner_task (0).start (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (),
                                    { 0, l4::Fpage::memory (middle, l4::page_bits).raw () });
    sender.send = l4::SendDescriptor::short_fpage ();
    REQUIRE (victim.task.start (exchange, &sender).finish () && receiving.finish ());
    CHECK (sees_page (target, source));
    REQUIRE (remove (victim.number ()));
    CHECK (sees_nothing (target));
    CHECK_EQUAL (word_at (source), page_mark (source));
}

TEST_CASE ("DEL-004", "who waits to send to a deleted task gets 10h", "V2-090 V2-100")
{
    ShortLived const victim;
    Exchange idle = Exchange::from (l4::ThreadId::nil ());
    Partner& target = victim.task.start (exchange, &idle);
    Exchange sender = Exchange::to (target.id (), { 1, 2 });
    Partner& sending = begin (sender);
    REQUIRE (remove (victim.number ()));
    REQUIRE (sending.finish (100));
    CHECK_EQUAL (sender.result.dope.raw (), l4::IpcError::not_existent);
}

TEST_CASE ("DEL-005", "who waits for a deleted task goes on waiting for its timeout", "V2-090")
{
    ShortLived const victim;
    Exchange receiver = Exchange::from (victim.task.id (), within (60));
    Partner& receiving = begin (receiver);
    REQUIRE (remove (victim.number ()));
    settle ();
    CHECK (receiver.pending ());
    REQUIRE (receiving.finish (200));
    CHECK_EQUAL (receiver.result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("DEL-006", "a message from a deleted task is not delivered", "V2-100 V2-087")
{
    ShortLived const victim;
    Exchange sender = Exchange::to (rt::myself (), { 66, 66 });
    static_cast<void> (victim.task.start (exchange, &sender));
    settle ();
    REQUIRE (remove (victim.number ()));
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("DEL-007", "a transfer with a deleted task is aborted", "V2-090 V2-225")
{
    ShortLived const victim;
    Word memory[16] {};
    memory[1] = memory[2] = l4::MessageDope { 8, 0 }.raw ();
    Exchange receiver = Exchange::wait ();
    receiver.receive = l4::ReceiveDescriptor { reinterpret_cast<Address> (memory) }.open ();
    Partner& receiving = start_partner (exchange, &receiver);
    Exchange sender = Exchange::to (receiving.id (), {});
    sender.send = l4::SendDescriptor { fresh_window () };
    Partner& sending = victim.task.start (exchange, &sender, rt::myself ());
    REQUIRE (rt::receive (sending.id (), within (500)).dope.ok ());
    REQUIRE (remove (victim.number ()));
    REQUIRE (receiving.finish (100));
    CHECK_EQUAL (receiver.result.dope.error (), l4::IpcError::receive_aborted);
}

TEST_CASE ("DEL-008", "the clan of a deleted task goes with it", "V2-235 V2-303 V2-100")
{
    ClanTask member { [] (void*) { guest_busy (); }, nullptr };
    ClanTask chief { [] (void*) {}, nullptr, &member };
    reserve_clan (chief);
    guest_count = 0;
    found_clan (chief);
    Word const number = member.id.task ();
    settle ();
    CHECK (guest_count != 0);
    REQUIRE (remove (chief.id.task ()));
    Word const before = guest_count;
    settle ();
    CHECK_EQUAL (guest_count, before);
    // The number has fallen back to the task that deleted its owner.
    CHECK (!create (own_task_id (number), guest_report_registers).is_nil ());
    CHECK (await_report ());
}

TEST_CASE ("DEL-009", "a new version makes a new id, and the old one names nothing",
           "V2-237 V2-111 V2-027 V2-030 V2-022")
{
    Word const number = take_task_number ();
    l4::ThreadId const old = create (own_task_id (number, 1), guest_park_forever);
    CHECK_EQUAL (old, own_task_id (number, 1));
    CHECK (exists (old));
    CHECK (!exists (own_task_id (number, 2)));
    l4::ThreadId const next = create (own_task_id (number, 0x2402), guest_park_forever);
    CHECK_EQUAL (next, own_task_id (number, 0x2402));
    CHECK (exists (next));
    CHECK (!exists (old));
    CHECK (!exists (own_task_id (number, 2)));
}

TEST_CASE ("DEL-010", "an id with another chief, nest or site names nothing", "V2-030 V2-111")
{
    l4::ThreadId const id = partner_task ().id ();
    REQUIRE (exists (id));
    for (Word bits : { l4::ThreadId::Site::make (1), l4::ThreadId::Nest::make (1) })
        CHECK (!exists ({ id.low (), id.high () ^ bits }));
    // A chief that is not active, so that nobody receives the message in the thread's place.
    CHECK (!exists ({ id.low (), l4::ThreadId::Chief::set (id.high (), foreign_task_number ()) }));
    CHECK (!exists ({ id.low () ^ l4::ThreadId::VersionHigh::make (1), id.high () }));
}

TEST_CASE ("DEL-011", "a thousand lives and deaths leave everything as it was", "V2-304 V2-100")
{
    constexpr unsigned lives = 1000;
    Word const number = take_task_number ();
    for (unsigned life = 0; life < lives; ++life) {
        reset_stacks ();
        l4::ThreadId const id
            = create (own_task_id (number, life & 0x3FFF), guest_report_registers);
        REQUIRE (!id.is_nil ());
        if (life % 50 == 0)
            REQUIRE (await_report ());
    }
    REQUIRE (remove (number));
}

TEST_CASE ("DEL-012", "a pager that is deleted leaves its thread without one", "V2-090 V2-197")
{
    ShortLived const victim;
    Exchange idle = Exchange::from (l4::ThreadId::nil ());
    Partner& pager = victim.task.start (exchange, &idle);
    guest_address = 0x12345000;
    FreshThread const thread = start_fresh_thread (guest_read_busily, pager.id ());
    settle ();
    REQUIRE (remove (victim.number ()));
    settle ();
    // Its RPC failed with 10h: it is shut down, and can be revived.
    ex_regs (thread.id.lthread (), thread.stack, address_of (guest_report_registers));
    CHECK (await_report ());
}
