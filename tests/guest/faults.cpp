// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page faults: what a pager is told, and what its answers do. The case is the pager.
#include <l4/protocol/page_fault.hpp>

#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

constexpr Address nowhere = 0x12345678;     ///< mapped in no task

enum class Kind { read, write, jump };

struct Order {
    Address address;
    Kind kind { Kind::read };
    Word value { 0 };
};

void access (void* argument)
{
    auto& order = *static_cast<Order*> (argument);
    if (order.kind == Kind::read)
        order.value = guest_read (order.address);
    else if (order.kind == Kind::write)
        guest_write (order.address, order.value);
    else
        guest_jump (order.address);
}

/// Start `order` in `space` with the case as its pager, and take its fault.
[[nodiscard]] rt::IpcResult first_fault (Order& order, Space space, Partner*& partner)
{
    partner = space == Space::own ? &start_partner (access, &order, rt::myself ())
                                  : &partner_task ().start (access, &order, rt::myself ());
    auto const fault = rt::receive (partner->id (), within (500));
    REQUIRE (fault.dope.ok ());
    return fault;
}

void check_fault (rt::IpcResult const& fault, Word w0, Address instruction)
{
    CHECK_EQUAL (fault.dope.raw (), 0x00004000u);
    CHECK_EQUAL (fault.w0, w0);
    CHECK_EQUAL (fault.w1, instruction);
}

/// The thread stays where it is and its pager, the case, hears nothing.
void check_shut_down (Order order)
{
    Word const untouched = order.value;
    Partner& partner = start_partner (access, &order, rt::myself ());
    CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
    CHECK (!partner.done ());
    CHECK_EQUAL (order.value, untouched);
    partner.release ();
}

constexpr Address kernel_addresses[] = {
    0xC0000000, 0xC0001000, 0xDFFFFFFC, 0xE0000000, 0xE0080000, 0xEFFFFFFC,
    0xF0000000, 0xF0100000, 0xF0101000, 0xFFBFF000, 0xFFC00000, 0xFFFFFFFC,
};

}  // namespace

TEST_CASE ("FLT-001", "a read fault tells address and instruction", "V2-193 V2-317")
{
    Order order { nowhere };
    Partner* partner;
    check_fault (first_fault (order, Space::own, partner), nowhere,
                 address_of (guest_read_instruction));
}

TEST_CASE ("FLT-002", "a write fault has bit 1 set", "V2-194")
{
    Order order { nowhere, Kind::write, 1 };
    Partner* partner;
    check_fault (first_fault (order, Space::own, partner), nowhere | 2,
                 address_of (guest_write_instruction));
}

TEST_CASE ("FLT-003", "the low two bits of the address are not reported", "V2-193 V2-194")
{
    for (Word low = 1; low < 4; ++low) {
        Order order { nowhere + low };
        Partner* partner;
        check_fault (first_fault (order, Space::own, partner), nowhere,
                     address_of (guest_read_instruction));
        partner->release ();
    }
}

TEST_CASE ("FLT-004", "an instruction that cannot be fetched is a read fault", "V2-193")
{
    Order order { nowhere, Kind::jump };
    Partner* partner;
    check_fault (first_fault (order, Space::own, partner), nowhere, nowhere);
}

TEST_CASE ("FLT-005", "an answer without a page makes the instruction fault again", "V2-195 V2-318")
{
    Order order { nowhere };
    Partner* partner;
    auto fault = first_fault (order, Space::own, partner);
    for (unsigned round = 0; round < 5; ++round) {
        fault = rt::call (partner->id (), { round, ~round }, within (500));
        check_fault (fault, nowhere, address_of (guest_read_instruction));
    }
    CHECK (!partner->done ());
}

TEST_CASE ("FLT-006", "an answer with a page completes the access", "V2-318 V2-071 V2-196")
{
    Order order { fresh_window () };
    Partner* partner;
    check_fault (first_fault (order, Space::other, partner), order.address,
                 address_of (guest_read_instruction));
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, l4::page_bits);
    CHECK (rt::send_fpage (partner->id (), order.address, fpage, no_waiting).ok ());
    REQUIRE (partner->finish ());
    CHECK_EQUAL (order.value, page_mark (source));
}

TEST_CASE ("FLT-007", "a page may be mapped somewhere else than at the fault", "V2-318 V2-170")
{
    Order order { fresh_window () };
    Address const elsewhere = fresh_window ();
    Partner* partner;
    static_cast<void> (first_fault (order, Space::other, partner));
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, l4::page_bits);
    CHECK (rt::send_fpage (partner->id (), elsewhere, fpage, no_waiting).ok ());
    check_fault (rt::receive (partner->id (), within (500)), order.address,
                 address_of (guest_read_instruction));
    CHECK (sees_page (elsewhere, source));
}

TEST_CASE ("FLT-008", "a read-only page does not end a write fault", "V2-318 V2-166")
{
    Order order { fresh_window (), Kind::write, 7 };
    Partner* partner;
    static_cast<void> (first_fault (order, Space::other, partner));
    Address const source = take_pages ();
    auto const read_only = l4::Fpage::memory (source, l4::page_bits, l4::Access::read_only);
    CHECK (rt::send_fpage (partner->id (), order.address, read_only, no_waiting).ok ());
    check_fault (rt::receive (partner->id (), within (500)), order.address | 2,
                 address_of (guest_write_instruction));
    CHECK_EQUAL (word_at (source), page_mark (source));
    auto const writable = l4::Fpage::memory (source, l4::page_bits);
    CHECK (rt::send_fpage (partner->id (), order.address, writable, no_waiting).ok ());
    REQUIRE (partner->finish ());
    CHECK_EQUAL (word_at (source), 7u);
}

TEST_CASE ("FLT-009", "registers and flags are the same after a fault", "V2-196")
{
    struct Call {
        RegisterImage in { distinct_registers };
        RegisterImage out {};
        RegisterImage undisturbed {};
    } call;
    auto const read_twice = [] (void* argument) {
        auto& self = *static_cast<Call*> (argument);
        for (RegisterImage* out : { &self.out, &self.undisturbed })
            guest_read_with_registers (&self.in, out);
    };
    for (Word flag : { 0u, flag_carry, flag_direction }) {
        call.in.esi = fresh_window ();
        call.in.eflags = distinct_registers.eflags | flag;
        unsigned const before = window_faults ();
        Partner& partner = start_in (Space::other, read_twice, &call);
        REQUIRE (partner.finish ());
        CHECK_EQUAL (window_faults () - before, 1u);
        CHECK_EQUAL (call.out.moved, 0u);
        call.out.esp = call.undisturbed.esp;
        CHECK (call.out == call.undisturbed);
        CHECK_EQUAL (call.out.eax, call.in.eax);
        CHECK_EQUAL (call.out.ebp, call.in.ebp);
        CHECK_EQUAL (call.out.eflags, call.in.eflags);
        partner.release ();
    }
}

TEST_CASE ("FLT-010", "a fault without a pager shuts down its thread and no other", "V2-197")
{
    l4::ThreadId const nobody = rt::myself ().with_lthread (fresh_lthread ());
    l4::ThreadId const no_task = own_task_id (foreign_task_number ());
    for (l4::ThreadId pager : { nobody, no_task, l4::ThreadId::nil () }) {
        Order order { nowhere, Kind::read, 0x600D };
        Partner& partner = start_partner (access, &order, pager);
        CHECK (!partner.finish (20));
        CHECK_EQUAL (order.value, 0x600Du);
        partner.release ();
    }
}

TEST_CASE ("FLT-011", "reading above 3 GB reaches no pager and returns nothing", "V2-204 V2-001")
{
    for (Address address : kernel_addresses)
        check_shut_down ({ address, Kind::read, 0x600D });
}

TEST_CASE ("FLT-012", "writing above 3 GB reaches no pager", "V2-204 V2-001")
{
    for (Address address : kernel_addresses)
        check_shut_down ({ address, Kind::write, 0x600D });
}

TEST_CASE ("FLT-013", "executing above 3 GB reaches no pager", "V2-204 V2-001")
{
    for (Address address : kernel_addresses)
        check_shut_down ({ address, Kind::jump, 0x600D });
}

TEST_CASE ("FLT-014", "faults of several threads wait for the pager in their order",
           "V2-317 V2-087")
{
    constexpr unsigned threads = 3;
    Order orders[threads];
    Partner* partners[threads];
    for (unsigned i = 0; i < threads; ++i) {
        orders[i] = { fresh_window () };
        partners[i] = &partner_task ().start (access, &orders[i], rt::myself ());
        settle ();
    }
    for (unsigned i = 0; i < threads; ++i) {
        auto const fault = rt::wait (within (500));
        CHECK_EQUAL (fault.source, partners[i]->id ());
        CHECK_EQUAL (fault.w0, orders[i].address);
        auto const fpage = l4::Fpage::memory (take_pages (), l4::page_bits);
        CHECK (rt::send_fpage (fault.source, orders[i].address, fpage, no_waiting).ok ());
    }
    for (Partner* partner : partners)
        CHECK (partner->finish ());
}

TEST_CASE ("FLT-015", "two threads that fault on one page both go on", "V2-317 V2-046")
{
    Address const window = fresh_window ();
    Order orders[2] { { window }, { window + 4 } };
    Partner* partners[2];
    for (unsigned i = 0; i < 2; ++i) {
        partners[i] = &partner_task ().start (access, &orders[i], rt::myself ());
        settle ();
    }
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, l4::page_bits);
    for (unsigned i = 0; i < 2; ++i) {
        REQUIRE (rt::receive (partners[i]->id (), within (500)).dope.ok ());
        CHECK (rt::send_fpage (partners[i]->id (), window, fpage, no_waiting).ok ());
        CHECK (partners[i]->finish ());
    }
    CHECK_EQUAL (orders[0].value, page_mark (source));
}

TEST_CASE ("FLT-016", "one answer may map more pages than the one that faulted", "V2-318 V2-041")
{
    constexpr unsigned four_pages = l4::page_bits + 2;
    Address const window = fresh_window (four_pages);
    Order order { window + 0x2000 };
    Partner* partner;
    static_cast<void> (first_fault (order, Space::other, partner));
    Address const source = take_pages (four_pages);
    auto const fpage = l4::Fpage::memory (source, four_pages);
    CHECK (rt::send_fpage (partner->id (), order.address, fpage, no_waiting).ok ());
    REQUIRE (partner->finish ());
    CHECK_EQUAL (order.value, page_mark (source + 0x2000));
    for (Address offset = 0; offset < 0x4000; offset += l4::page_size)
        CHECK (sees_page (window + offset, source + offset));
}

TEST_CASE ("FLT-017", "two threads that page each other harm nobody else", "V2-317 V2-010")
{
    Order orders[2] { { nowhere }, { nowhere + l4::page_size } };
    Partner& first = start_partner (access, &orders[0], rt::myself ());
    REQUIRE (rt::receive (first.id (), within (500)).dope.ok ());
    Partner& second = start_partner (access, &orders[1], first.id ());
    ex_regs (first.id ().lthread (), l4::unchanged, l4::unchanged, second.id ());
    // An answer makes the first one fault again, now with the second as its pager.
    CHECK (rt::send (first.id (), {}, bounded).ok ());
    CHECK_EQUAL (rt::wait (within (20)).dope.raw (), l4::IpcError::receive_timeout);
    CHECK (!first.done () && !second.done ());
}

TEST_CASE ("FLT-018", "a thread that is its own pager is shut down by a fault", "V2-197 V2-118")
{
    guest_address = nowhere;
    l4::ThreadId const own = rt::myself ().with_lthread (next_unused_lthread ());
    FreshThread const thread = start_fresh_thread (guest_read_busily, own);
    REQUIRE_EQUAL (thread.id, own);
    settle ();
    CHECK_EQUAL (guest_reports, 0u);
    auto const old = ex_regs (own.lthread (), thread.stack, address_of (guest_report_registers));
    CHECK_EQUAL (old.eip, address_of (guest_read_busily_instruction));
    CHECK (await_report ());
}
