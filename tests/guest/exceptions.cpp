// SPDX-License-Identifier: BSD-2-Clause
/// @file  Exceptions that a thread handles itself: what its handlers find, and the emulated `lidt`.
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

constexpr std::initializer_list<std::uint8_t> undefined { 0x0F, 0x0B };     // ud2
constexpr Word undefined_size = 2;

struct Exceptional {
    char const* name;
    std::initializer_list<std::uint8_t> code;
    Word vector;
    Word error_code;
    Word eip_offset;            ///< of the EIP in the frame from the beginning of the code
    Word skip;                  ///< from there to the next instruction
};

/// Run `e` and check what its handler saw.
void check_exception (Exceptional const& e)
{
    reset_exception_table ();
    ExceptionRun run { e.code };
    run.recovery = Recovery::skip (e.skip);
    bool const ended = run.perform ();
    Caught const caught = run.caught ();
    bool const right = ended && run.count () == 1 && caught.vector == e.vector
                       && caught.code == e.error_code && caught.eip == run.code () + e.eip_offset
                       && caught.esp == guest_esp_before && run.kept_registers ();
    check (right, { "exceptions.cpp", __LINE__, "the exception is delivered", e.name });
}

bool is_shut_down (l4::ThreadId thread)
{
    auto const state = rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
    return state.raw () != l4::unchanged
           && state.state () == static_cast<Word> (l4::ThreadStateCode::dead);
}

/// `run` ends with its thread shut down, and nobody hears of it.
void check_ends_in_shut_down (ExceptionRun& run)
{
    Partner& partner = run.begin (Space::own);
    CHECK_EQUAL (rt::receive (partner.id (), within (3)).dope.raw (),
                 l4::IpcError::receive_timeout);
    CHECK (is_shut_down (partner.id ()));
    partner.release ();
}

}  // namespace

TEST_CASE ("EXC-001", "lidt gives its thread a table and no other thread one",
           "V2-198 V2-326 V2-299")
{
    reset_exception_table ();
    ExceptionRun run { undefined };
    run.recovery = Recovery::skip (undefined_size);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    ExceptionRun other { undefined };
    other.with_table = false;
    check_ends_in_shut_down (other);
}

TEST_CASE ("EXC-002", "a division by zero finds EIP, CS and EFLAGS on the stack, and IRET returns",
           "V2-199 V2-328 V2-331")
{
    reset_exception_table ();
    // xor edx, edx; stc; div edx
    ExceptionRun run { 0x31, 0xD2, 0xF9, 0xF7, 0xF2 };
    run.recovery = Recovery::skip (2);
    CHECK (run.perform ());
    REQUIRE_EQUAL (run.count (), 1u);
    Caught const caught = run.caught ();
    CHECK_EQUAL (caught.vector, 0u);
    CHECK_EQUAL (caught.code, 0u);
    CHECK_EQUAL (caught.eip, run.code () + 3);
    CHECK_EQUAL (caught.esp, guest_esp_before);
    Word cs = 0;
    asm ("movw %%cs, %w0" : "+r" (cs));
    CHECK_EQUAL (caught.cs, cs);
    CHECK (caught.eflags & flag_carry);
    CHECK (guest_eflags_after & flag_carry);
    CHECK_EQUAL (caught.eax, 0x11111111u);
    CHECK_EQUAL (caught.ebp, 0x55555555u);
    CHECK_EQUAL (caught.edi, 0x77777777u);
}

TEST_CASE ("EXC-003", "faults tell the instruction, traps the next one", "V2-328 V2-333")
{
    static constexpr Exceptional exceptions[] {
        { "int3", { 0xCC }, 3, 0, 1, 0 },
        { "int 3", { 0xCD, 0x03 }, 3, 0, 2, 0 },
        { "int 4", { 0xCD, 0x04 }, 4, 0, 2, 0 },
        { "int 5", { 0xCD, 0x05 }, 5, 0, 2, 0 },
        { "into", { 0xB0, 0x7F, 0x04, 0x01, 0xCE }, 4, 0, 5, 0 },      // behind an overflow
        { "ud2", { 0x0F, 0x0B }, 6, 0, 0, 2 },
        { "lock; nop", { 0xF0, 0x90 }, 6, 0, 0, 2 },
        { "cli; hlt", { 0x90, 0xF4 }, 13, 0, 1, 1 },
        { "mov eax, cr0", { 0x0F, 0x20, 0xC0 }, 13, 0, 0, 3 },
        { "clts", { 0x0F, 0x06 }, 13, 0, 0, 2 },
        { "lidt [eax + 4]", { 0x0F, 0x01, 0x58, 0x04 }, 13, 0, 0, 4 },
        { "data16 lidt [eax]", { 0x66, 0x0F, 0x01, 0x18 }, 13, 0, 0, 4 },
        { "lgdt [ecx]", { 0x0F, 0x01, 0x11 }, 13, 0, 0, 3 },
        { "rdmsr", { 0x0F, 0x32 }, 13, 0, 0, 2 },
        { "wrmsr", { 0x0F, 0x30 }, 13, 0, 0, 2 },
        { "wbinvd", { 0x0F, 0x09 }, 13, 0, 0, 2 },
    };
    for (Exceptional const& e : exceptions)
        check_exception (e);
}

TEST_CASE ("EXC-004", "int n without a meaning is exception 13 with the number in its code",
           "V2-200 V2-332")
{
    Word flags = 0;
    for (unsigned n = 0; n < 256; ++n) {
        bool const has_meaning = (n >= 3 && n <= 5) || (n >= 0x30 && n <= 0x36);
        if (has_meaning)
            continue;
        reset_exception_table ();
        ExceptionRun run { 0xCD, static_cast<std::uint8_t> (n) };
        run.recovery = Recovery::skip (2);
        REQUIRE (run.perform ());
        REQUIRE_EQUAL (run.count (), 1u);
        Caught const caught = run.caught ();
        REQUIRE_EQUAL (caught.vector, 13u);
        REQUIRE_EQUAL (caught.code, 8 * n + 2);
        REQUIRE_EQUAL (caught.eip, run.code ());
        REQUIRE_EQUAL (caught.esp, guest_esp_before);
        REQUIRE (run.kept_registers ());
        REQUIRE_EQUAL (guest_registers[7], 0x11111111u);
        // Not every emulator sets RF for a fault.
        if (n == 0)
            flags = caught.eflags & ~flag_resume;
        REQUIRE_EQUAL (caught.eflags & ~flag_resume, flags);
    }
}

TEST_CASE ("EXC-005", "a handler starts without single step and nested task; IRET restores them",
           "V2-328 V2-331")
{
    reset_exception_table ();
    // pushfd; or dword [esp], NT; popfd; ud2
    ExceptionRun run { 0x9C, 0x81, 0x0C, 0x24, 0x00, 0x40, 0x00, 0x00, 0x9D, 0x0F, 0x0B };
    run.recovery = Recovery::skip (undefined_size);
    CHECK (run.perform ());
    REQUIRE_EQUAL (run.count (), 1u);
    Caught const caught = run.caught ();
    CHECK_EQUAL (caught.eflags & flag_nested_task, flag_nested_task);
    CHECK_EQUAL (caught.handler_eflags & (flag_nested_task | flag_trap), 0u);
    CHECK_EQUAL (guest_eflags_after & flag_nested_task, flag_nested_task);
}

TEST_CASE ("EXC-006", "a handler without a handler of its own ends the thread", "V2-327 V2-330")
{
    for (Address handler : { 0x00000000u, 0xC0000000u, 0xF0100000u, 0xFFFFFFFFu }) {
        reset_exception_table ();
        exception_table[6] = l4::ExceptionGate::to (handler);
        ExceptionRun run { undefined };
        check_ends_in_shut_down (run);
        CHECK_EQUAL (run.count (), 0u);
    }
}

TEST_CASE ("EXC-007", "selector, type and limit of a table do not matter", "V2-326 V2-327")
{
    reset_exception_table ();
    l4::ExceptionGate& gate = exception_table[6];
    gate.selector = 0xFFFF;
    gate.zero = 0xFF;
    gate.type = 0;
    ExceptionRun run { undefined };
    run.recovery = Recovery::skip (undefined_size);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
}

TEST_CASE ("EXC-008", "a table beyond the user space is none", "V2-326")
{
    for (Address base : { 0xBFFFFF01u, 0xC0000000u, 0xF0100000u, 0xFFFFFF00u, 0xFFFFFFFFu }) {
        reset_exception_table ();
        ExceptionRun run { undefined };
        run.table = base;
        check_ends_in_shut_down (run);
    }
}

TEST_CASE ("EXC-009", "a shut-down thread keeps its registers, and lthread_ex_regs revives it",
           "V2-330 V2-128 V2-201")
{
    ExceptionRun run { undefined };
    run.with_table = false;
    Partner& partner = run.begin (Space::own);
    settle ();
    REQUIRE (is_shut_down (partner.id ()));
    auto const old = ex_regs (partner.id ().lthread (), l4::unchanged,
                              reinterpret_cast<Address> (guest_code_end));
    CHECK_EQUAL (old.eip, run.code ());
    CHECK_EQUAL (old.esp, guest_esp_before);
    CHECK (partner.finish ());
    CHECK (run.kept_registers ());
    CHECK_EQUAL (guest_registers[7], 0x11111111u);
    partner.release ();
}

TEST_CASE ("EXC-010", "a handler that faults itself is called again, until its stack ends",
           "V2-328 V2-329")
{
    // Exception 6 has a handler that executes ud2 again and again: the stack is used up, and the
    // pager, which is the case, is asked for the page below.
    static std::uint8_t again[4] { 0x0F, 0x0B, 0xEB, 0xFC };
    reset_exception_table ();
    exception_table[6] = l4::ExceptionGate::to (reinterpret_cast<Address> (again));
    constexpr unsigned two_pages = l4::page_bits + 1;
    Address const window = fresh_window (two_pages);
    map_page (take_pages (), window + l4::page_size);
    ExceptionRun run { undefined };
    run.stack = window + 2 * l4::page_size;
    Partner& partner = run.begin (Space::other);
    auto const fault = rt::receive (partner.id (), bounded);
    CHECK (fault.dope.ok ());
    CHECK_EQUAL (fault.w0 & ~(l4::page_size - 1), window);
    CHECK_EQUAL (fault.w0 & 2, 2u);
    CHECK_EQUAL (fault.w1, reinterpret_cast<Address> (again));
    partner.release ();
}

TEST_CASE ("EXC-011", "a page fault that no pager can help is exception 13 with code 0",
           "V2-197 V2-317 V2-204")
{
    struct Access {
        Address address;
        l4::ThreadId pager;
    };
    Access const accesses[] {
        { 0x12345678, rt::myself ().with_lthread (fresh_lthread ()) },
        { 0xC0000000, rt::myself () },
        { 0xE0080000, rt::myself () },
        { 0xF0100000, rt::myself () },
        { 0xFFFFFFFC, rt::myself () },
    };
    for (Access const& access : accesses) {
        reset_exception_table ();
        ExceptionRun run { 0x8B, 0x00 };                // mov eax, [eax]
        run.eax = access.address;
        run.recovery = Recovery::skip (2);
        Partner& partner = run.begin (Space::own);
        ex_regs (partner.id ().lthread (), l4::unchanged, l4::unchanged, access.pager);
        CHECK (partner.finish (20));
        CHECK_EQUAL (run.count (), 1u);
        CHECK_EQUAL (run.caught ().vector, 13u);
        CHECK_EQUAL (run.caught ().code, 0u);
        CHECK_EQUAL (run.caught ().eip, run.code ());
        CHECK_EQUAL (guest_registers[7], access.address);
        partner.release ();
    }
}

TEST_CASE ("EXC-012", "lidt of a table beyond the user space is exception 13", "V2-326 V2-329")
{
    for (Address operand : { 0xBFFFFFFBu, 0xC0000000u, 0xE0000000u, 0xFFFFFFFAu, 0xFFFFFFFFu }) {
        reset_exception_table ();
        ExceptionRun run { 0x0F, 0x01, 0x18 };
        run.eax = operand;
        run.recovery = Recovery::skip (3);
        CHECK (run.perform ());
        CHECK_EQUAL (run.count (), 1u);
        CHECK_EQUAL (run.caught ().vector, 13u);
        CHECK_EQUAL (run.caught ().eip, run.code ());
    }
}

TEST_CASE ("EXC-013", "a jump to the kernel is exception 13 with code 0", "V2-204 V2-317")
{
    for (Address target : { 0xC0000000u, 0xE0000000u, 0xF0100000u, 0xFFFFFFFEu }) {
        reset_exception_table ();
        ExceptionRun run { 0xFF, 0xE0 };                // jmp eax
        run.eax = target;
        run.recovery = Recovery::to_end ();
        CHECK (run.perform ());
        CHECK_EQUAL (run.count (), 1u);
        CHECK_EQUAL (run.caught ().vector, 13u);
        CHECK_EQUAL (run.caught ().code, 0u);
        CHECK (run.kept_registers ());
    }
}

TEST_CASE ("EXC-014", "a thread that is sent beyond 3 GB finds itself in its handler",
           "V2-204 V2-095 V2-328")
{
    reset_exception_table ();
    ExceptionRun run { 0x8B, 0x00 };                    // mov eax, [eax]
    run.eax = 0x12345678;
    run.recovery = Recovery::to_end ();
    Partner& partner = run.begin (Space::own);
    CHECK (rt::receive (partner.id (), within (500)).dope.ok ());
    ex_regs (partner.id ().lthread (), l4::unchanged, 0xC0000000);
    CHECK (partner.finish (20));
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (run.caught ().code, 0u);
    CHECK_EQUAL (run.caught ().eip, 0xC0000000u);
    CHECK (run.kept_registers ());
    partner.release ();
}

TEST_CASE ("EXC-015", "floating-point errors are exceptions, too", "V2-328 V2-015")
{
    reset_exception_table ();
    // fninit; fldcw with errors on; fld1; fldz; fdivp; fwait
    static std::uint16_t control = 0x0340;
    auto const at = reinterpret_cast<Address> (&control);
    auto const byte = [at] (unsigned n) { return static_cast<std::uint8_t> (at >> 8 * n); };
    ExceptionRun run { 0xDB, 0xE3, 0xD9, 0x2D, byte (0), byte (1), byte (2), byte (3),
                       0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9, 0x9B };
    run.recovery = Recovery::skip (1);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 16u);
}

TEST_CASE ("EXC-016", "foreign selectors are repaired before an exception is delivered",
           "V2-202 V2-334 V2-335")
{
    reset_exception_table ();
    // xor ecx, ecx; mov ds, cx; mov es, cx; mov fs, cx; mov gs, cx; mov eax, [eax]; ud2;
    // mov ecx, 22222222h
    static Word const word = 0x600D;
    ExceptionRun run { 0x31, 0xC9, 0x8E, 0xD9, 0x8E, 0xC1, 0x8E, 0xE1, 0x8E, 0xE9, 0x8B, 0x00,
                       0x0F, 0x0B, 0xB9, 0x22, 0x22, 0x22, 0x22 };
    run.eax = reinterpret_cast<Address> (&word);
    run.recovery = Recovery::skip (undefined_size);
    CHECK (run.perform ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 6u);
    CHECK_EQUAL (guest_registers[7], 0x600Du);
    CHECK (run.kept_registers ());
}
