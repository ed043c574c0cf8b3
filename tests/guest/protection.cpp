// SPDX-License-Identifier: BSD-2-Clause
/// @file  Instructions that user mode must not have: they cost the thread its life, nothing else.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/probes.hpp>

using namespace guest;

namespace {

struct Instruction {
    char const* name;
    void (*execute) (void*);
};

#define INSTRUCTION(text) \
    Instruction { text, [] (void*) { asm volatile (text : : "a" (0), "d" (0) : "memory", "cc"); } }

/// Execute `instruction` in a thread whose pager is the case: it must end there, without an RPC.
void check_ends_its_thread (Instruction const& instruction)
{
    Partner& volunteer = start_partner (instruction.execute, nullptr, rt::myself ());
    auto const message = rt::receive (volunteer.id (), within (5));
    bool const silent = message.dope.error () == static_cast<Word> (l4::IpcError::receive_timeout);
    check (silent && !volunteer.done (),
           { "protection.cpp", __LINE__, "the thread is shut down", instruction.name });
    volunteer.release ();
}

}  // namespace

TEST_CASE ("PRO-001", "privileged instructions end their thread and no other", "V2-336 V2-201")
{
    constexpr Instruction privileged[] = {
        INSTRUCTION ("hlt"),
        INSTRUCTION ("clts"),
        INSTRUCTION ("wbinvd"),
        INSTRUCTION ("invd"),
        INSTRUCTION ("invlpg (%%eax)"),
        INSTRUCTION ("lmsw %%ax"),
        INSTRUCTION ("ltr %%ax"),
        INSTRUCTION ("lldt %%ax"),
        INSTRUCTION ("lgdt 4(%%eax)"),
        INSTRUCTION ("lidt 4(%%eax)"),
        INSTRUCTION ("mov %%cr0, %%eax"),
        INSTRUCTION ("mov %%eax, %%cr0"),
        INSTRUCTION ("mov %%cr2, %%eax"),
        INSTRUCTION ("mov %%eax, %%cr3"),
        INSTRUCTION ("rdmsr"),
        INSTRUCTION ("wrmsr"),
    };
    for (Instruction const& instruction : privileged)
        check_ends_its_thread (instruction);
}

TEST_CASE ("PRO-002", "invalid instructions and arithmetic errors end their thread",
           "V2-201 V2-328")
{
    constexpr Instruction wrong[] = {
        INSTRUCTION ("ud2"),
        INSTRUCTION ("div %%edx"),
        INSTRUCTION ("lock; nop"),
        INSTRUCTION (".byte 0x0F, 0xFF"),
    };
    for (Instruction const& instruction : wrong)
        check_ends_its_thread (instruction);
}

TEST_CASE ("PRO-003", "software interrupts that are no system calls end their thread",
           "V2-332 V2-002")
{
    constexpr Instruction interrupts[] = {
        INSTRUCTION ("int $0x00"), INSTRUCTION ("int $0x02"), INSTRUCTION ("int $0x08"),
        INSTRUCTION ("int $0x0D"), INSTRUCTION ("int $0x0E"), INSTRUCTION ("int $0x20"),
        INSTRUCTION ("int $0x28"), INSTRUCTION ("int $0x2F"), INSTRUCTION ("int $0x37"),
        INSTRUCTION ("int $0x38"), INSTRUCTION ("int $0x80"), INSTRUCTION ("int $0xFF"),
    };
    for (Instruction const& instruction : interrupts)
        check_ends_its_thread (instruction);
}

TEST_CASE ("PRO-004", "selectors and gates of the kernel are out of reach", "V2-202 V2-014")
{
    constexpr Instruction transfers[] = {
        INSTRUCTION ("ljmp $0x08, $0xF0100000"),
        INSTRUCTION ("lcall $0x08, $0xF0100000"),
        INSTRUCTION ("lcall $0x28, $0"),
        INSTRUCTION ("pushl $0x10; popl %%ds"),
        INSTRUCTION ("pushl $0x10; popl %%ss"),
        INSTRUCTION ("pushl $0x02; pushl $0x08; pushl $0xF0100000; iret"),
    };
    for (Instruction const& instruction : transfers)
        check_ends_its_thread (instruction);
}

TEST_CASE ("PRO-005", "popf cannot raise the I/O privilege level or disable interrupts", "V2-339")
{
    Word flags = 0;
    asm volatile ("pushfl\n\t"
                  "pushl %1\n\t"
                  "popfl\n\t"
                  "pushfl\n\t"
                  "popl %0\n\t"
                  "popfl"
                  : "=&r" (flags)
                  : "r" (flag_io_privilege | flag_reserved));
    CHECK_EQUAL (flags & flag_io_privilege, 0u);
    CHECK_EQUAL (flags & flag_interrupt, flag_interrupt);
}

TEST_CASE ("PRO-006", "null segment registers do not disturb a system call", "V2-335 V2-008")
{
    RegisterImage in = distinct_registers;
    in.esi = 0;
    RegisterImage out {};
    for (unsigned round = 0; round < 100; ++round) {
        guest_call_without_segments (&in, &out);
        REQUIRE_EQUAL ((l4::ThreadId { out.esi, out.edi }), rt::myself ());
        REQUIRE_EQUAL (out.moved, 0u);
    }
}

TEST_CASE ("PRO-007", "flags of the user survive every call", "V2-006")
{
    constexpr Word flags[] = { flag_carry, flag_direction, flag_nested_task, flag_alignment_check,
                               flag_carry | flag_direction | flag_nested_task };
    for (l4::SystemCall call : { l4::SystemCall::id_nearest, l4::SystemCall::fpage_unmap,
                                 l4::SystemCall::thread_switch, l4::SystemCall::thread_schedule,
                                 l4::SystemCall::task_new })
        for (Word flag : flags) {
            RegisterImage in = distinct_registers;
            in.eax = 0;
            in.esi = l4::ThreadId::Task::make (l4::ThreadId::tasks - 1);
            in.eflags |= flag;
            RegisterImage const out = raw_call (call, in);
            CHECK_EQUAL (out.eflags & ~flag_io_privilege, in.eflags);
            CHECK_EQUAL (out.moved, 0u);
        }
}

TEST_CASE ("PRO-008", "a system call does not need a stack", "V2-003 V2-008")
{
    constexpr Address stacks[] = { 0x00000000, 0x00000003, 0x12345678, 0xC0000000, 0xE0000800,
                                   0xFFFFFFFC, 0xFFFFFFFE };
    for (Address stack : stacks) {
        Word const lthread = fresh_lthread ();
        ex_regs (lthread, stack, address_of (guest_open_wait), rt::myself ());
        l4::ThreadId const thread = rt::myself ().with_lthread (lthread);
        CHECK (rt::send (thread, { 1, 2 }, within (100)).ok ());
        ex_regs (lthread, 0, address_of (guest_park_forever));
    }
}

TEST_CASE ("PRO-009", "a thread that starts above 3 GB never runs", "V2-204 V2-001")
{
    constexpr Address entries[] = { 0xC0000000, 0xE0000000, 0xF0100000, 0xFFFFFFFC, 0xFFFFFFFE };
    for (Address entry : entries) {
        Word const lthread = fresh_lthread ();
        ex_regs (lthread, fresh_stack (), entry, rt::myself ());
        CHECK_EQUAL (rt::wait (within (5)).dope.raw (), l4::IpcError::receive_timeout);
        reset_stacks ();
    }
}
