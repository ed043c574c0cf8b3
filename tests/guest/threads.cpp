// SPDX-License-Identifier: BSD-2-Clause
/// @file  lthread_ex_regs: creating threads, reading them, and sending them elsewhere.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr Address nowhere = 0x12345000;

/// Exchange the registers of a thread of the own task.
rt::ExchangeResult exchange_registers (l4::ThreadId thread, Address esp, Address eip)
{
    return ex_regs (thread.lthread (), esp, eip);
}

/// Only look.
rt::ExchangeResult read_registers (l4::ThreadId thread)
{
    return exchange_registers (thread, l4::unchanged, l4::unchanged);
}

/// The general registers of `image` are those that the probes load.
void check_distinct_registers (RegisterImage const& image)
{
    CHECK_EQUAL (image.eax, distinct_registers.eax);
    CHECK_EQUAL (image.ecx, distinct_registers.ecx);
    CHECK_EQUAL (image.edx, distinct_registers.edx);
    CHECK_EQUAL (image.ebx, distinct_registers.ebx);
    CHECK_EQUAL (image.ebp, distinct_registers.ebp);
    CHECK_EQUAL (image.edi, distinct_registers.edi);
}

}  // namespace

TEST_CASE ("THR-001", "a new thread starts with all registers 0", "V2-220 V2-299")
{
    FreshThread const thread = start_fresh_thread (guest_report_registers);
    REQUIRE (await_report ());
    RegisterImage const seen = registers_seen ();
    CHECK_EQUAL (seen.eax, 0u);
    CHECK_EQUAL (seen.ecx, 0u);
    CHECK_EQUAL (seen.edx, 0u);
    CHECK_EQUAL (seen.ebx, 0u);
    CHECK_EQUAL (seen.ebp, 0u);
    CHECK_EQUAL (seen.esi, 0u);
    CHECK_EQUAL (seen.edi, 0u);
    CHECK_EQUAL (seen.esp, thread.stack - 4);
    CHECK_EQUAL (seen.eflags & ~flag_io_privilege, flag_reserved | flag_interrupt);
}

TEST_CASE ("THR-002", "applied to the caller without changes the call only reads", "V2-221")
{
    struct Order {
        rt::ExchangeResult first {};
        rt::ExchangeResult second {};
    } order;
    auto const read_twice = [] (void* argument) {
        auto& result = *static_cast<Order*> (argument);
        Word const own = rt::myself ().lthread ();
        result.first = ex_regs (own, l4::unchanged, l4::unchanged);
        result.second = ex_regs (own, l4::unchanged, l4::unchanged);
    };
    REQUIRE (start_partner (read_twice, &order, l4::root_id).finish ());
    CHECK_EQUAL (order.first.pager, l4::root_id);
    CHECK_EQUAL (order.second.pager, l4::root_id);
    CHECK_EQUAL (order.second.esp, order.first.esp);
    Partner& remote = partner_task ().start (read_twice, &order);
    REQUIRE (remote.finish ());
    CHECK_EQUAL (order.second.pager, pager_id ());
}

TEST_CASE ("THR-003", "a new pager gets the next fault", "V2-222")
{
    Address const window = fresh_window (l4::page_bits + 1);
    unsigned const before = window_faults ();
    auto const change_pager_and_read = [] (void* argument) {
        auto& order = *static_cast<Exchange*> (argument);
        Word const own = rt::myself ().lthread ();
        static_cast<void> (guest_read (order.words.w0));
        auto const old = ex_regs (own, l4::unchanged, l4::unchanged, order.partner);
        order.result.source = old.pager;
        static_cast<void> (guest_read (order.words.w0 + l4::page_size));
    };
    Exchange order;
    order.partner = rt::myself ();
    order.words = { window, 0 };
    Partner& partner = partner_task ().start (change_pager_and_read, &order);
    auto const fault = rt::receive (partner.id (), within (500));
    CHECK_EQUAL (fault.w0, window + l4::page_size);
    CHECK_EQUAL (window_faults () - before, 1u);
    CHECK_EQUAL (order.result.source, pager_id ());
}

TEST_CASE ("THR-004", "a thread in an open wait goes on with 40h", "V2-223 V2-088")
{
    FreshThread const thread = start_fresh_thread (guest_open_wait);
    settle ();
    Address const stack = fresh_stack ();
    auto const old = exchange_registers (thread.id, stack, address_of (guest_report_registers));
    CHECK_EQUAL (old.eip, address_of (guest_behind_open_wait));
    CHECK_EQUAL (old.esp, thread.stack);
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, l4::IpcError::receive_cancelled);
    CHECK_EQUAL (registers_seen ().esp, stack - 4);
}

TEST_CASE ("THR-005", "a thread that waits to send goes on with 50h", "V2-224 V2-088")
{
    guest_partner = rt::myself ();
    FreshThread const thread = start_fresh_thread (guest_send_to_partner);
    settle ();
    auto const old
        = exchange_registers (thread.id, thread.stack, address_of (guest_report_registers));
    CHECK_EQUAL (old.eip, address_of (guest_behind_send));
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, l4::IpcError::send_cancelled);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("THR-006", "a call is cancelled in the phase that it has reached", "V2-088")
{
    Exchange not_sent = Exchange::call (rt::myself (), { 1, 0 });
    Partner& pending = begin (not_sent);
    Exchange sent = Exchange::call (rt::myself (), { 2, 0 });
    Partner& waiting = begin (sent);
    REQUIRE_EQUAL (rt::receive (waiting.id (), bounded).w0, 2u);
    RegisterImage seen[2];
    unsigned n = 0;
    for (Partner* partner : { &pending, &waiting }) {
        exchange_registers (partner->id (), fresh_stack (), address_of (guest_report_registers));
        REQUIRE (await_report ());
        seen[n++] = registers_seen ();
    }
    CHECK_EQUAL (seen[0].eax, l4::IpcError::send_cancelled);
    CHECK_EQUAL (seen[1].eax, l4::IpcError::receive_cancelled);
}

TEST_CASE ("THR-007", "a sleeping thread can be read without being woken", "V2-226 V2-297")
{
    FreshThread const thread = start_fresh_thread (guest_open_wait);
    settle ();
    auto const old = read_registers (thread.id);
    CHECK_EQUAL (old.eip, address_of (guest_behind_open_wait));
    CHECK_EQUAL (old.esp, thread.stack);
    CHECK_EQUAL (old.eflags & ~flag_io_privilege & 0xFFFF0200, flag_interrupt);
    CHECK_EQUAL (old.pager, l4::root_id);
    CHECK (rt::send (thread.id, { 5, 6 }, bounded).ok ());
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, 0x00004000u);
    CHECK_EQUAL (registers_seen ().edx, 5u);
    CHECK_EQUAL (registers_seen ().ebx, 6u);
}

TEST_CASE ("THR-008", "a new pager alone does not end an ipc", "V2-229 V2-297")
{
    FreshThread const thread = start_fresh_thread (guest_open_wait);
    settle ();
    auto const old = ex_regs (thread.id.lthread (), l4::unchanged, l4::unchanged,
                                          rt::myself ());
    CHECK_EQUAL (old.pager, l4::root_id);
    CHECK_EQUAL (read_registers (thread.id).pager, rt::myself ());
    CHECK (rt::send (thread.id, { 5, 6 }, bounded).ok ());
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().eax, 0x00004000u);
}

TEST_CASE ("THR-009", "a new stack alone applies when the ipc ends", "V2-096 V2-297")
{
    FreshThread const thread = start_fresh_thread (guest_open_wait);
    settle ();
    Address const stack = fresh_stack ();
    CHECK_EQUAL (exchange_registers (thread.id, stack, l4::unchanged).esp, thread.stack);
    settle ();
    CHECK_EQUAL (guest_reports, 0u);
    CHECK (rt::send (thread.id, {}, bounded).ok ());
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().esp, stack - 4);
}

TEST_CASE ("THR-010", "a running thread goes elsewhere with its registers", "V2-096 V2-226")
{
    guest_count = 0;
    FreshThread const thread = start_fresh_thread (guest_busy);
    settle ();
    CHECK (guest_count != 0);
    auto const old
        = exchange_registers (thread.id, thread.stack, address_of (guest_report_registers));
    CHECK (old.eip >= address_of (guest_busy_loop) && old.eip < address_of (guest_busy_end));
    CHECK_EQUAL (old.esp, thread.stack);
    REQUIRE (await_report ());
    check_distinct_registers (registers_seen ());
    CHECK_EQUAL (registers_seen ().esi, distinct_registers.esi);
}

TEST_CASE ("THR-011", "a thread in a page fault goes elsewhere with its registers",
           "V2-089 V2-226")
{
    guest_address = nowhere;
    FreshThread const thread = start_fresh_thread (guest_read_busily, rt::myself ());
    auto const fault = rt::receive (thread.id, within (500));
    CHECK_EQUAL (fault.w0, nowhere);
    auto const old
        = exchange_registers (thread.id, thread.stack, address_of (guest_report_registers));
    CHECK_EQUAL (old.eip, address_of (guest_read_busily_instruction));
    REQUIRE (await_report ());
    check_distinct_registers (registers_seen ());
    CHECK_EQUAL (registers_seen ().esi, nowhere);
}

TEST_CASE ("THR-012", "a fault that waits for its pager can be cancelled", "V2-089 V2-087")
{
    guest_address = nowhere;
    FreshThread const thread = start_fresh_thread (guest_read_busily, rt::myself ());
    settle ();
    exchange_registers (thread.id, thread.stack, address_of (guest_report_registers));
    REQUIRE (await_report ());
    check_distinct_registers (registers_seen ());
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("THR-013", "a thread can send itself elsewhere", "V2-301")
{
    guest_stack = fresh_stack ();
    guest_lthread = next_unused_lthread ();
    FreshThread const thread = start_fresh_thread (guest_exchange_itself);
    REQUIRE (await_report ());
    RegisterImage const seen = registers_seen ();
    CHECK_EQUAL (seen.edx, address_of (guest_behind_exchange));
    CHECK_EQUAL (seen.ecx, thread.stack);
    CHECK_EQUAL (seen.esi, l4::root_id.low ());
    CHECK_EQUAL (seen.edi, l4::root_id.high ());
    CHECK_EQUAL (seen.esp, guest_stack - 4);
}

TEST_CASE ("THR-014", "a creation returns its arguments", "V2-300")
{
    RegisterImage in = distinct_registers;
    in.eax = fresh_lthread ();
    in.edx = address_of (guest_park_forever);
    RegisterImage const out = raw_call (l4::SystemCall::lthread_ex_regs, in);
    CHECK_EQUAL (out.eax, 0u);
    CHECK_EQUAL (out.ecx, in.ecx);
    CHECK_EQUAL (out.edx, in.edx);
    CHECK_EQUAL (out.ebx, in.ebx);
    CHECK_EQUAL (out.ebp, in.ebp);
    CHECK_EQUAL (out.esi, in.esi);
    CHECK_EQUAL (out.edi, in.edi);
}

TEST_CASE ("THR-015", "a thread created without an EIP waits for one", "V2-299 V2-228")
{
    Word const lthread = fresh_lthread ();
    Address const stack = fresh_stack ();
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    ex_regs (lthread, stack, l4::unchanged);
    settle ();
    CHECK_EQUAL (guest_reports, 0u);
    exchange_registers (thread, l4::unchanged, address_of (guest_report_registers));
    REQUIRE (await_report ());
    CHECK_EQUAL (registers_seen ().esp, stack - 4);
    CHECK_EQUAL (registers_seen ().eax, 0u);
}

TEST_CASE ("THR-016", "a thread without a given pager has its creator's", "V2-299")
{
    Word const lthread = fresh_lthread ();
    ex_regs (lthread, fresh_stack (), address_of (guest_park_forever));
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    CHECK_EQUAL (read_registers (thread).pager, l4::root_id);
}

TEST_CASE ("THR-017", "a shut-down thread is revived by a valid EIP", "V2-228 V2-330")
{
    guest_address = 0xC0000000;
    FreshThread const thread = start_fresh_thread (guest_read_busily);
    settle ();
    CHECK_EQUAL (guest_reports, 0u);
    CHECK_EQUAL (read_registers (thread.id).eip, address_of (guest_read_busily_instruction));
    settle ();
    CHECK_EQUAL (guest_reports, 0u);
    exchange_registers (thread.id, thread.stack, address_of (guest_report_registers));
    REQUIRE (await_report ());
    check_distinct_registers (registers_seen ());
}

TEST_CASE ("THR-018", "no value of EAX reaches another task", "V2-227")
{
    Word const other_task = partner_task ().id ().low () & ~l4::ThreadId::VersionLow::mask;
    Exchange order = Exchange::wait ();
    Partner& partner = begin (order, Space::other);
    Word const lthread = fresh_lthread ();
    Address const stack = fresh_stack ();
    Word const high_bits[] = { other_task, partner.id ().low (), 0x7FFFFF80, 0x00000080 };
    for (Word high : high_bits) {
        Word const target = (high & ~Word { 0x7F }) | lthread;
        ex_regs (target, stack, address_of (guest_report_registers));
        CHECK (await_report ());
        CHECK (order.pending ());
    }
    CHECK (rt::send (partner.id (), {}, bounded).ok ());
    CHECK (partner.finish ());
}

TEST_CASE ("THR-019", "partner threads of a task have the id of their task", "V2-028 V2-021")
{
    struct Ids {
        l4::ThreadId ids[3];
        unsigned volatile count { 0 };
    } ids;
    auto const note_id = [] (void* argument) {
        auto& self = *static_cast<Ids*> (argument);
        self.ids[self.count] = rt::myself ();
        self.count = self.count + 1;
    };
    for (unsigned i = 0; i < 3; ++i)
        REQUIRE (partner_task ().start (note_id, &ids).finish ());
    for (l4::ThreadId id : ids.ids)
        CHECK_EQUAL (id.with_lthread (0), partner_task ().id ());
}

TEST_CASE ("THR-020", "the internal preempter is stored and returned", "V2-095 V2-325")
{
    FreshThread const thread = start_fresh_thread (guest_park_forever);
    l4::ThreadId const preempter = rt::myself ();
    Word const lthread = thread.id.lthread ();
    l4::ThreadId const unchanged = l4::ThreadId::invalid ();
    CHECK_EQUAL (read_registers (thread.id).preempter, l4::ThreadId::nil ());
    CHECK_EQUAL (ex_regs (lthread, l4::unchanged, l4::unchanged, unchanged, preempter).preempter,
                 l4::ThreadId::nil ());
    CHECK_EQUAL (read_registers (thread.id).preempter, preempter);
    CHECK_EQUAL (ex_regs (lthread, l4::unchanged, l4::unchanged, unchanged,
                          l4::ThreadId::nil ()).preempter, preempter);
    CHECK_EQUAL (read_registers (thread.id).preempter, l4::ThreadId::nil ());
}

TEST_CASE ("THR-021", "the bits of EAX above the thread number are ignored", "V2-302 V2-095 V2-009")
{
    FreshThread const thread = start_fresh_thread (guest_open_wait);
    settle ();
    for (Word bits : { 0x80000000u, 0x40000000u, 0xFFFFFF80u }) {
        auto const read = ex_regs (thread.id.lthread () | bits, l4::unchanged, l4::unchanged);
        CHECK_EQUAL (read.eip, address_of (guest_behind_open_wait));
        CHECK_EQUAL (read.esp, thread.stack);
    }
    CHECK (rt::send (thread.id, {}, bounded).ok ());
    CHECK (await_report ());
}
