// SPDX-License-Identifier: BSD-2-Clause
/// @file  Preempters. With the boot option `preempters`, which the suites `preempters-*` give.
#include <runtime/kip.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr l4::ScheduleParameter read_only { l4::unchanged };
constexpr Word internal_rpc = 2;        ///< sub-states of thread_schedule
constexpr Word external_rpc = 3;

void require_preempters ()
{
    if (!rt::kip_feature ("preempter").present)
        SKIP ("the kernel was started without preempters");
}

/// A thread that computes, with the case as its internal preempter.
[[nodiscard]] FreshThread start_busy (l4::ThreadId preempter)
{
    FreshThread const thread = start_fresh_thread (guest_busy);
    ex_regs (thread.id.lthread (), l4::unchanged, l4::unchanged, l4::ThreadId::invalid (),
             preempter);
    return thread;
}

[[nodiscard]] bool lies_in_busy_loop (Address eip)
{
    return eip >= reinterpret_cast<Address> (guest_busy_loop)
           && eip < reinterpret_cast<Address> (guest_busy_end);
}

[[nodiscard]] Word state_of (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, read_only).old.state ();
}

}  // namespace

TEST_CASE ("PRE-001", "the end of a time slice is told to the internal preempter",
           "V2-325 V2-095 V2-371")
{
    require_preempters ();
    FreshThread const busy = start_busy (rt::myself ());
    auto const message = rt::receive (busy.id, within (200));
    REQUIRE (message.dope.ok ());
    CHECK_EQUAL (message.w0, busy.stack);
    CHECK (lies_in_busy_loop (message.w1));
    CHECK_EQUAL (state_of (busy.id), internal_rpc);
    // It waits for the answer, and then goes on to the end of the next slice.
    Word const before = guest_count;
    settle ();
    CHECK_EQUAL (guest_count, before);
    CHECK (rt::send (busy.id, { 1, 2 }, no_waiting).ok ());
    REQUIRE (rt::receive (busy.id, within (200)).dope.ok ());
    CHECK (guest_count != before);
}

TEST_CASE ("PRE-002", "the end of donated time is told to the external preempter", "V2-325 V2-216")
{
    require_preempters ();
    FreshThread const busy = start_fresh_thread (guest_busy);
    Exchange order = Exchange::from (busy.id, within (1000));
    Partner& preempter = start_partner (exchange, &order);
    // A thread with a slice of 0 runs on donated time only.
    auto const old = rt::thread_schedule (busy.id, read_only).old;
    rt::thread_schedule (busy.id, { old.priority (), l4::Timeout { 1, 0 } }, preempter.id ());
    settle ();
    rt::thread_switch (busy.id);
    REQUIRE (preempter.finish ());
    CHECK (order.result.dope.ok ());
    CHECK_EQUAL (order.result.w0, busy.stack);
    CHECK (lies_in_busy_loop (order.result.w1));
    CHECK_EQUAL (state_of (busy.id), external_rpc);
}

TEST_CASE ("PRE-003", "a thread in the RPC can be sent elsewhere, with its registers",
           "V2-325 V2-089 V2-088")
{
    require_preempters ();
    FreshThread const busy = start_busy (rt::myself ());
    sleep_milliseconds (30);
    CHECK_EQUAL (state_of (busy.id), internal_rpc);
    ex_regs (busy.id.lthread (), busy.stack, address_of (guest_report_registers),
             l4::ThreadId::invalid (), l4::ThreadId::nil ());
    REQUIRE (await_report ());
    CHECK_EQUAL (rt::receive (busy.id, no_waiting).dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("PRE-004", "a preempter that does not exist, or is the thread itself, disturbs nobody",
           "V2-325 V2-205")
{
    require_preempters ();
    FreshThread const busy = start_busy (rt::myself ().with_lthread (127));
    for (l4::ThreadId preempter : { rt::myself ().with_lthread (127), busy.id }) {
        ex_regs (busy.id.lthread (), l4::unchanged, l4::unchanged, l4::ThreadId::invalid (),
                 preempter);
        Word const before = guest_count;
        // Ready all the time, like the other: each has its turns.
        for (Microseconds const limit = now () + 60 * kernel_tick; now () < limit;)
            continue;
        CHECK (guest_count != before);
        CHECK_EQUAL (state_of (busy.id), 0u);
    }
}

TEST_CASE ("PRE-005", "a time slice that is given up is told to nobody", "V2-325 V2-205")
{
    require_preempters ();
    struct Polite {
        bool volatile stop { false };
    } polite;
    auto const yield = [] (void* argument) {
        while (!static_cast<Polite*> (argument)->stop)
            sleep_milliseconds (1);
    };
    Partner& partner = start_partner (yield, &polite);
    ex_regs (partner.id ().lthread (), l4::unchanged, l4::unchanged, l4::ThreadId::invalid (),
             rt::myself ());
    CHECK_EQUAL (rt::receive (partner.id (), within (50)).dope.raw (),
                 l4::IpcError::receive_timeout);
    polite.stop = true;
    CHECK (partner.finish ());
    ex_regs (partner.id ().lthread (), l4::unchanged, l4::unchanged, l4::ThreadId::invalid (),
             l4::ThreadId::nil ());
}

TEST_CASE ("PRE-006", "where preempters are not announced they are only stored", "V2-325")
{
    if (rt::kip_feature ("preempter").present)
        SKIP ("the kernel was started with preempters");
    FreshThread const busy = start_busy (rt::myself ());
    CHECK_EQUAL (rt::receive (busy.id, within (50)).dope.raw (), l4::IpcError::receive_timeout);
    CHECK_EQUAL (state_of (busy.id), 0u);
}
