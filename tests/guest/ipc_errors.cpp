// SPDX-License-Identifier: BSD-2-Clause
/// @file  Partners that do not exist, and what a failed ipc leaves behind.
#include <runtime/info_page.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Word not_existent = static_cast<Word> (l4::IpcError::not_existent);

/// An error that must come at once comes well before this.
constexpr Microseconds at_once = 3 * kernel_tick;

/// Send to `nobody` with infinite timeouts: fails at once, and counts nothing.
void check_no_receiver (l4::ThreadId nobody)
{
    Exchange order = Exchange::to (nobody, { 1, 2 });
    Partner& partner = start_partner (exchange, &order);
    REQUIRE (partner.finish (100));
    CHECK_EQUAL (order.result.dope.raw (), not_existent);
}

/// The same for a closed receive.
void check_no_sender (l4::ThreadId nobody)
{
    Exchange order = Exchange::from (nobody);
    Partner& partner = start_partner (exchange, &order);
    REQUIRE (partner.finish (100));
    CHECK_EQUAL (order.result.dope.raw (), not_existent);
}

[[nodiscard]] l4::ThreadId never_created ()
{
    return rt::myself ().with_lthread (fresh_lthread ());
}

}  // namespace

TEST_CASE ("IPE-001", "a send to nil fails at once", "V2-115 V2-023")
{
    check_no_receiver (l4::ThreadId::nil ());
    check_no_receiver ({ 0, 0xDEADBEEF });
}

TEST_CASE ("IPE-002", "a send to a thread that was never created fails at once", "V2-116")
{
    check_no_receiver (never_created ());
    check_no_receiver (partner_task ().id ().with_lthread (127));
}

TEST_CASE ("IPE-003", "a send to a task number that is not in use fails at once", "V2-117")
{
    Word const number = foreign_task_number ();
    check_no_receiver (l4::ThreadId::make ({ .task = number, .lthread = 0, .version = 0,
                                             .chief = l4::root_task, .nest = 0, .site = 0 }));
    check_no_receiver (own_task_id (number));
}

TEST_CASE ("IPE-004", "a send to an inactive task fails at once", "V2-117")
{
    check_no_receiver (own_task_id (take_task_number ()));
}

TEST_CASE ("IPE-005", "a send to the own id fails at once", "V2-118")
{
    auto const duration = duration_of ([] {
        CHECK_EQUAL (rt::send (rt::myself (), { 1, 2 }).raw (), not_existent);
    });
    CHECK (duration < at_once);
}

TEST_CASE ("IPE-006", "a send to the invalid id fails at once", "V2-119 V2-023")
{
    check_no_receiver (l4::ThreadId::invalid ());
    check_no_receiver ({ ~Word { 0 }, 0 });
}

TEST_CASE ("IPE-007", "ids with task number 0 or 1 name nothing", "V2-025")
{
    check_no_receiver ({ 0x00000400, 0 });
    check_no_receiver ({ 0x0001FC00, 0 });
    check_no_receiver ({ 0x00020000, 0 });
    check_no_receiver ({ 17, 0 });
}

TEST_CASE ("IPE-008", "a send to an interrupt that is not the caller's fails", "V2-065 V2-024")
{
    check_no_receiver (l4::interrupt_id (0));
    check_no_receiver (l4::interrupt_id (5));
    check_no_receiver (l4::interrupt_id (15));
}

TEST_CASE ("IPE-009", "a closed receive from nothing fails at once", "V2-120")
{
    check_no_sender (never_created ());
    check_no_sender (own_task_id (foreign_task_number ()));
    check_no_sender (l4::ThreadId::invalid ());
    check_no_sender ({ 0x00000400, 0 });
}

TEST_CASE ("IPE-010", "a call whose send fails does not wait for an answer", "V2-122 V2-066")
{
    Exchange order = Exchange::call (never_created (), { 1, 2 });
    Partner& partner = start_partner (exchange, &order);
    REQUIRE (partner.finish (100));
    CHECK_EQUAL (order.result.dope.raw (), not_existent);
}

TEST_CASE ("IPE-011", "a reply that fails is not followed by the wait", "V2-122 V2-066")
{
    Exchange order = Exchange::call (never_created (), { 1, 2 });
    order.receive = order.receive.open ();
    Partner& partner = start_partner (exchange, &order);
    REQUIRE (partner.finish (100));
    CHECK_EQUAL (order.result.dope.raw (), not_existent);
    // Nobody waits: the same answer to a thread that is there but not receiving is a timeout.
    Exchange idle = Exchange::from (l4::ThreadId::nil ());
    Partner& sleeper = begin (idle);
    auto const late = rt::reply_and_wait (sleeper.id (), { 1, 2 }, no_waiting);
    CHECK_EQUAL (late.dope.raw (), l4::IpcError::send_timeout);
}

TEST_CASE ("IPE-012", "after an error nothing is counted and no flag is set", "V2-123")
{
    CHECK_EQUAL (rt::send (l4::ThreadId::nil (), {}, no_waiting).raw (), not_existent);
    CHECK_EQUAL (rt::receive (l4::ThreadId::invalid (), no_waiting).dope.raw (), not_existent);
    CHECK_EQUAL (rt::wait (no_waiting).dope.raw (), l4::IpcError::receive_timeout);
    Exchange idle = Exchange::from (l4::ThreadId::nil ());
    Partner& sleeper = begin (idle);
    CHECK_EQUAL (rt::send (sleeper.id (), {}, no_waiting).raw (), l4::IpcError::send_timeout);
    auto const fpage = l4::Fpage::memory (rt::InfoPage::address, l4::page_bits);
    CHECK_EQUAL (rt::send_fpage (sleeper.id (), 0, fpage, no_waiting).raw (),
                 l4::IpcError::send_timeout);
}

TEST_CASE ("IPE-013", "a closed receive from nil accepts nothing", "V2-056")
{
    Exchange order = Exchange::from (l4::ThreadId::nil (), within (20));
    Partner& partner = begin (order);
    CHECK_EQUAL (rt::send (partner.id (), {}, no_waiting).raw (), l4::IpcError::send_timeout);
    REQUIRE (partner.finish ());
    CHECK_EQUAL (order.result.dope.raw (), l4::IpcError::receive_timeout);
}

TEST_CASE ("IPE-014", "a closed receive from the own id accepts nothing", "V2-056")
{
    auto const duration = duration_of ([] {
        auto const result = rt::receive (rt::myself (), within (20));
        CHECK_EQUAL (result.dope.raw (), l4::IpcError::receive_timeout);
    });
    CHECK (duration >= 20 * kernel_tick);
}

TEST_CASE ("IPE-015", "a thread that exists but never ran is a partner that is busy",
           "V2-068 V2-033 V2-299")
{
    Word const lthread = fresh_lthread ();
    ex_regs (lthread, l4::unchanged, l4::unchanged, l4::root_id);
    l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
    auto const duration = duration_of ([thread] {
        CHECK_EQUAL (rt::send (thread, {}, within (20)).raw (), l4::IpcError::send_timeout);
    });
    CHECK (duration >= 20 * kernel_tick);
}
