// SPDX-License-Identifier: BSD-2-Clause
/// @file  Where exceptions need memory: stacks, tables, operands. The case is the pager.
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr unsigned two_pages = l4::page_bits + 1;
constexpr Word write_fault = 2;

/// int 80h: its frame has four words.
ExceptionRun sixteen_bytes ()
{
    reset_exception_table ();
    ExceptionRun run { 0xCD, 0x80 };
    run.recovery = Recovery::skip (2);
    return run;
}

/// The next fault of `partner`.
rt::IpcResult next_fault (Partner const& partner)
{
    auto const fault = rt::receive (partner.id (), within (500));
    REQUIRE (fault.dope.ok ());
    return fault;
}

/// Answer `partner` with a page of the test program at `target`.
void answer (Partner const& partner, Address target, Address source,
             l4::Access access = l4::Access::read_write)
{
    auto const fpage = l4::Fpage::memory (source, l4::page_bits, access);
    CHECK (rt::send_fpage (partner.id (), target, fpage, no_waiting).ok ());
}

void check_delivered (ExceptionRun const& run, Partner& partner)
{
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (run.caught ().code, 8 * 0x80u + 2);
    CHECK_EQUAL (run.caught ().eip, run.code ());
    CHECK (run.kept_registers ());
    partner.release ();
}

void check_silent_end (ExceptionRun& run)
{
    Partner& partner = run.begin (Space::own);
    CHECK_EQUAL (rt::receive (partner.id (), within (3)).dope.raw (),
                 l4::IpcError::receive_timeout);
    CHECK (!partner.done ());
    CHECK_EQUAL (run.count (), 0u);
    partner.release ();
}

}  // namespace

TEST_CASE ("EXS-001", "a missing stack page is a page fault of the thread, then delivery goes on",
           "V2-329")
{
    Address const window = fresh_window ();
    ExceptionRun run = sixteen_bytes ();
    run.stack = window + l4::page_size;
    Partner& partner = run.begin (Space::other);
    auto const fault = next_fault (partner);
    CHECK_EQUAL (fault.w0, (window + l4::page_size - 16) | write_fault);
    CHECK_EQUAL (fault.w1, run.code ());
    answer (partner, window, take_pages ());
    check_delivered (run, partner);
}

TEST_CASE ("EXS-002", "a read-only stack page is a write fault", "V2-329")
{
    Address const window = fresh_window ();
    Address const page = take_pages ();
    map_page (page, window, 0, l4::Access::read_only);
    ExceptionRun run = sixteen_bytes ();
    run.stack = window + l4::page_size;
    Partner& partner = run.begin (Space::other);
    CHECK_EQUAL (next_fault (partner).w0, (window + l4::page_size - 16) | write_fault);
    answer (partner, window, page);
    check_delivered (run, partner);
}

TEST_CASE ("EXS-003", "a frame across a page border needs both pages", "V2-329")
{
    for (Word above : { 4u, 8u, 12u }) {
        Address const window = fresh_window (two_pages);
        Address const border = window + l4::page_size;
        ExceptionRun run = sixteen_bytes ();
        run.stack = border + above;
        Partner& partner = run.begin (Space::other);
        Word pages = 0;
        for (unsigned n = 0; n < 2; ++n) {
            auto const fault = next_fault (partner);
            CHECK_EQUAL (fault.w0 & write_fault, write_fault);
            CHECK_EQUAL (fault.w1, run.code ());
            Address const page = fault.w0 & ~(l4::page_size - 1);
            pages |= page == window ? 1 : page == border ? 2 : 4;
            answer (partner, page, take_pages ());
        }
        CHECK_EQUAL (pages, 3u);
        check_delivered (run, partner);
    }
}

TEST_CASE ("EXS-004", "a trap's frame is fetched, too: the thread goes on behind the trap",
           "V2-329 V2-333")
{
    reset_exception_table ();
    Address const window = fresh_window ();
    ExceptionRun run { 0xCC };
    run.stack = window + l4::page_size;
    Partner& partner = run.begin (Space::other);
    CHECK_EQUAL (next_fault (partner).w0, (window + l4::page_size - 12) | write_fault);
    answer (partner, window, take_pages ());
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 3u);
    CHECK_EQUAL (run.caught ().eip, run.code () + 1);
    partner.release ();
}

TEST_CASE ("EXS-005", "a missing page of the table is a read fault", "V2-329 V2-326")
{
    Address const window = fresh_window ();
    Address const page = take_pages ();
    ExceptionRun run = sixteen_bytes ();
    for (unsigned n = 0; n < l4::exception_gates; ++n)
        reinterpret_cast<l4::ExceptionGate*> (page)[n] = exception_table[n];
    run.table = window;
    Partner& partner = run.begin (Space::other);
    auto const fault = next_fault (partner);
    CHECK_EQUAL (fault.w0, window + 13 * sizeof (l4::ExceptionGate));
    CHECK_EQUAL (fault.w1, run.code ());
    answer (partner, window, page, l4::Access::read_only);
    check_delivered (run, partner);
}

TEST_CASE ("EXS-006", "the last table below 3 GB is one", "V2-326")
{
    ExceptionRun run = sixteen_bytes ();
    run.table = 0xBFFFFF00;
    Address const page = take_pages ();
    for (unsigned n = 0; n < l4::exception_gates; ++n)
        reinterpret_cast<l4::ExceptionGate*> (page + l4::page_size - 0x100)[n]
            = exception_table[n];
    Partner& partner = run.begin (Space::other);
    CHECK_EQUAL (next_fault (partner).w0, 0xBFFFFF00 + 13 * sizeof (l4::ExceptionGate));
    answer (partner, 0xBFFFF000, page);
    check_delivered (run, partner);
    take_back (page);
}

TEST_CASE ("EXS-007", "a pager that answers without the page is asked again", "V2-329 V2-318")
{
    Address const window = fresh_window ();
    ExceptionRun run = sixteen_bytes ();
    run.stack = window + l4::page_size;
    Partner& partner = run.begin (Space::other);
    for (unsigned round = 0; round < 5; ++round) {
        CHECK_EQUAL (next_fault (partner).w0, (window + l4::page_size - 16) | write_fault);
        CHECK (rt::send (partner.id (), { round, 0 }, no_waiting).ok ());
    }
    next_fault (partner);
    answer (partner, window, take_pages ());
    check_delivered (run, partner);
}

TEST_CASE ("EXS-008", "a stack that reaches the kernel or wraps around ends the thread", "V2-329")
{
    for (Address stack : { 0x00000000u, 0x00000004u, 0x0000000Fu, 0xC0000001u, 0xC0000010u,
                           0xE0000800u, 0xF0100000u, 0xFFFFFFFCu, 0xFFFFFFFFu }) {
        if (stack == 0)
            continue;               // means the partner's own
        ExceptionRun run = sixteen_bytes ();
        run.stack = stack;
        check_silent_end (run);
    }
}

TEST_CASE ("EXS-009", "the last stack below 3 GB is one", "V2-329")
{
    ExceptionRun run = sixteen_bytes ();
    run.stack = 0xC0000000;
    Address const page = take_pages ();
    Partner& partner = run.begin (Space::other);
    CHECK_EQUAL (next_fault (partner).w0, 0xBFFFFFF0 | write_fault);
    answer (partner, 0xBFFFF000, page);
    check_delivered (run, partner);
    take_back (page);
}

TEST_CASE ("EXS-010", "without a pager a missing stack ends the thread", "V2-329")
{
    ExceptionRun run = sixteen_bytes ();
    run.stack = 0x12345000;
    Partner& partner = run.begin (Space::own);
    next_fault (partner);
    ex_regs (partner.id ().lthread (), l4::unchanged, l4::unchanged,
             rt::myself ().with_lthread (fresh_lthread ()));
    CHECK (rt::send (partner.id (), {}, no_waiting).ok ());
    settle ();
    auto const state
        = rt::thread_schedule (partner.id (), l4::ScheduleParameter { l4::unchanged }).old;
    CHECK_EQUAL (state.state (), static_cast<Word> (l4::ThreadStateCode::dead));
    CHECK_EQUAL (run.count (), 0u);
    partner.release ();
}

TEST_CASE ("EXS-011", "lthread_ex_regs takes a thread out of a delivery", "V2-329 V2-096 V2-095")
{
    ExceptionRun run = sixteen_bytes ();
    run.stack = 0x12345000;
    Partner& partner = run.begin (Space::own);
    next_fault (partner);
    auto const old = ex_regs (partner.id ().lthread (), l4::unchanged,
                              reinterpret_cast<Address> (guest_code_end));
    CHECK_EQUAL (old.eip, run.code ());
    CHECK_EQUAL (old.esp, run.stack);
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 0u);
    CHECK (run.kept_registers ());
    partner.release ();
}

TEST_CASE ("EXS-012", "a new stack pointer during a delivery takes the frame", "V2-329 V2-096")
{
    alignas (16) static Word stack[512];
    auto const top = reinterpret_cast<Address> (stack + 512);
    ExceptionRun run = sixteen_bytes ();
    run.stack = 0x12345000;
    Partner& partner = run.begin (Space::own);
    next_fault (partner);
    ex_regs (partner.id ().lthread (), top, l4::unchanged);
    CHECK (rt::send (partner.id (), {}, no_waiting).ok ());
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().esp, top);
    partner.release ();
}

TEST_CASE ("EXS-013", "a missing operand of lidt is a read fault", "V2-326 V2-329")
{
    reset_exception_table ();
    Address const window = fresh_window (two_pages);
    Address const border = window + l4::page_size;
    ExceptionRun run { 0x0F, 0x01, 0x18, 0x0F, 0x0B };
    run.eax = border - 2;               // limit and base on two pages
    run.recovery = Recovery::skip (2);
    run.with_table = false;
    Address const source = take_pages (two_pages);
    *reinterpret_cast<l4::PseudoDescriptor*> (source + l4::page_size - 2)
        = { 0, reinterpret_cast<Address> (exception_table) };
    Partner& partner = run.begin (Space::other);
    CHECK_EQUAL (next_fault (partner).w0, (border - 2) & ~3u);
    answer (partner, window, source);
    CHECK_EQUAL (next_fault (partner).w0, border);
    answer (partner, border, source + l4::page_size);
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 6u);
    CHECK_EQUAL (run.caught ().eip, run.code () + 3);
    partner.release ();
}

TEST_CASE ("EXS-014", "an emulated instruction may cross a page border", "V2-334 V2-336")
{
    reset_exception_table ();
    static l4::PseudoDescriptor const table { 0, reinterpret_cast<Address> (exception_table) };
    for (Word first_part : { 1u, 2u, 3u }) {
        // lidt [eax]; jmp [guest_back]
        Address const window = fresh_window (two_pages);
        Address const source = take_pages (two_pages);
        Address const start = l4::page_size - first_part;
        std::uint8_t code[] { 0x0F, 0x01, 0x18, 0xFF, 0x25, 0, 0, 0, 0 };
        *reinterpret_cast<Address*> (code + 5) = reinterpret_cast<Address> (&guest_back);
        for (unsigned n = 0; n < sizeof code; ++n)
            reinterpret_cast<std::uint8_t*> (source + start)[n] = code[n];
        ExceptionRun run (window + start);
        run.eax = reinterpret_cast<Address> (&table);
        run.with_table = false;
        Partner& partner = run.begin (Space::other);
        CHECK_EQUAL (next_fault (partner).w0, (window + start) & ~3u);
        answer (partner, window, source);
        CHECK_EQUAL (next_fault (partner).w0, window + l4::page_size);
        answer (partner, window + l4::page_size, source + l4::page_size);
        CHECK (partner.finish ());
        CHECK (run.kept_registers ());
        CHECK_EQUAL (run.count (), 0u);
        partner.release ();
    }
}
