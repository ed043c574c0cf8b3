// SPDX-License-Identifier: BSD-2-Clause
/// @file  Single step, breakpoints, and the debug registers of threads.
#include <framework/check.hpp>
#include <framework/exceptions.hpp>
#include <framework/memory.hpp>
#include <framework/message.hpp>
#include <framework/probes.hpp>
#include <framework/thread_start.hpp>

using namespace guest;

namespace {

constexpr Word single_step = 1 << 14;
constexpr Word write_4_bytes = 0xD;         // condition in DR7
constexpr Word execute = 0x0;

void write_dr0 (Address a) { asm volatile ("movl %0, %%db0" : : "r" (a)); }
void write_dr6 (Word v) { asm volatile ("movl %0, %%db6" : : "r" (v)); }
void write_dr7 (Word v) { asm volatile ("movl %0, %%db7" : : "r" (v)); }
Word read_dr0 () { Word v; asm volatile ("movl %%db0, %0" : "=r" (v)); return v; }
Word read_dr6 () { Word v; asm volatile ("movl %%db6, %0" : "=r" (v)); return v; }
Word read_dr7 () { Word v; asm volatile ("movl %%db7, %0" : "=r" (v)); return v; }

constexpr Word enable_0 (Word condition) { return 1 | condition << 16; }

Address address (void const volatile* p) { return reinterpret_cast<Address> (p); }

/// What a partner does with breakpoint 0, and then sees of it.
struct Watch {
    Address at;
    Word condition;
    ExceptionRun* run;
    Word status { 0 };
};

/// Run the code of `argument` with breakpoint 0 set.
void run_watched (void* argument)
{
    auto& watch = *static_cast<Watch*> (argument);
    load_exception_table (reinterpret_cast<Address> (exception_table));
    write_dr0 (watch.at);
    write_dr6 (0);
    write_dr7 (enable_0 (watch.condition));
    guest_run_code ();
    write_dr7 (0);
    watch.status = read_dr6 ();
    write_dr6 (0);
    write_dr0 (0);
}

/// @return whether the code came to its end
bool perform (Watch& watch, Space space = Space::own)
{
    reset_exception_table ();
    watch.run->prepare ();
    Partner& partner = start_in (space, run_watched, &watch);
    bool const ended = partner.finish ();
    partner.release ();
    return ended;
}

}  // namespace

TEST_CASE ("DBG-001", "single step stops behind each instruction", "V2-328 V2-337")
{
    reset_exception_table ();
    // pushfd; or dword [esp], TF; popfd; nop; nop; xor ecx, ecx; mov ecx, 22222222h;
    // pushfd; and dword [esp], ~TF; popfd
    ExceptionRun run { 0x9C, 0x81, 0x0C, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9D, 0x90, 0x90, 0x31,
                       0xC9, 0xB9, 0x22, 0x22, 0x22, 0x22, 0x9C, 0x81, 0x24, 0x24, 0xFF, 0xFE, 0xFF,
                       0xFF, 0x9D };
    CHECK (run.perform ());
    // A trap behind each instruction from the first nop to the and; POPFD clears TF itself, and
    // whether it still traps differs.
    constexpr Word ends[] { 10, 11, 13, 18, 19, 26 };
    REQUIRE (run.count () >= 6);
    for (unsigned n = 0; n < 6; ++n) {
        CHECK_EQUAL (run.caught (n).vector, 1u);
        CHECK_EQUAL (run.caught (n).eip, run.code () + ends[n]);
        CHECK_EQUAL (run.caught (n).eflags & flag_trap, flag_trap);
        CHECK_EQUAL (run.caught (n).handler_eflags & flag_trap, 0u);
    }
    CHECK (run.kept_registers ());
}

TEST_CASE ("DBG-002", "debug registers start clear, and keep what they can", "V2-337 V2-336")
{
    static Word seen[8];
    static bool volatile done;
    auto const function = [] (void*) {
        seen[0] = read_dr0 () | read_dr6 () | read_dr7 ();
        write_dr0 (0x12345678);
        seen[1] = read_dr0 ();
        write_dr0 (0xBFFFFFFF);
        seen[2] = read_dr0 ();
        write_dr7 (0xFFFFFFAA);             // nothing is enabled
        seen[3] = read_dr7 ();
        write_dr6 (0xFFFFFFFF);
        seen[4] = read_dr6 ();
        write_dr6 (0);
        write_dr7 (0);
        write_dr0 (0);
        seen[5] = read_dr6 () | read_dr7 () | read_dr0 ();
        done = true;
        rt::sleep_forever ();
    };
    start_at (fresh_lthread (), reinterpret_cast<Word*> (fresh_stack ()), function, nullptr,
              l4::root_id);
    settle ();
    CHECK (done);
    CHECK_EQUAL (seen[0], 0u);
    CHECK_EQUAL (seen[1], 0x12345678u);
    CHECK_EQUAL (seen[2], 0xBFFFFFFFu);
    CHECK_EQUAL (seen[3], 0xFFFF0000u);
    CHECK_EQUAL (seen[4], 0x400Fu);
    CHECK_EQUAL (seen[5], 0u);
}

TEST_CASE ("DBG-003", "a breakpoint in the kernel, and registers that do not exist, are refused",
           "V2-337")
{
    for (Address a : { 0xC0000000u, 0xE0000000u, 0xF0100000u, 0xFFFFFFFFu })
        for (std::uint8_t reg : { std::uint8_t { 0 }, std::uint8_t { 3 } }) {
            reset_exception_table ();
            ExceptionRun run { 0x0F, 0x23, static_cast<std::uint8_t> (0xC0 | reg << 3) };
            run.eax = a;
            run.recovery = Recovery::skip (3);
            CHECK (run.perform ());
            CHECK_EQUAL (run.count (), 1u);
            CHECK_EQUAL (run.caught ().vector, 13u);
            CHECK_EQUAL (run.caught ().eip, run.code ());
        }
    for (std::uint8_t opcode : { std::uint8_t { 0x21 }, std::uint8_t { 0x23 } })
        for (std::uint8_t reg : { std::uint8_t { 4 }, std::uint8_t { 5 } }) {
            reset_exception_table ();
            ExceptionRun run { 0x0F, opcode, static_cast<std::uint8_t> (0xC0 | reg << 3) };
            run.recovery = Recovery::skip (3);
            CHECK (run.perform ());
            CHECK_EQUAL (run.count (), 1u);
        }
}

TEST_CASE ("DBG-004", "a data breakpoint traps behind the write", "V2-337 V2-328")
{
    static Word word;
    word = 0;
    // mov dword [eax], 5; nop
    ExceptionRun run { 0xC7, 0x00, 0x05, 0x00, 0x00, 0x00, 0x90 };
    run.eax = address (&word);
    Watch watch { address (&word), write_4_bytes, &run };
    CHECK (perform (watch));
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 1u);
    CHECK_EQUAL (run.caught ().eip, run.code () + 6);
    CHECK_EQUAL (watch.status & 0xF, 1u);
    CHECK_EQUAL (word, 5u);
    CHECK (run.kept_registers ());
}

TEST_CASE ("DBG-005", "a code breakpoint is a fault, and RF lets the instruction pass",
           "V2-337 V2-328")
{
    ExceptionRun run { 0x90, 0x90, 0x90 };
    run.recovery.eflags_set = flag_resume;      // not every emulator sets it
    Watch watch { run.code () + 1, execute, &run };
    CHECK (perform (watch));
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 1u);
    CHECK_EQUAL (run.caught ().eip, run.code () + 1);
    CHECK_EQUAL (watch.status & 0xF, 1u);
}

TEST_CASE ("DBG-006", "breakpoints do not fire in another thread", "V2-338")
{
    static Word volatile word;
    static bool volatile watching;
    static bool volatile stop;
    watching = false;
    stop = false;
    Partner& owner = start_partner ([] (void*) {
        write_dr0 (address (&word));
        write_dr7 (enable_0 (write_4_bytes));
        watching = true;
        while (!stop)
            rt::sleep_microseconds (1000);
        write_dr7 (0);
        write_dr0 (0);
    }, nullptr);
    settle ();
    CHECK (watching);
    reset_exception_table ();
    ExceptionRun run { 0xC7, 0x00, 0x05, 0x00, 0x00, 0x00, 0x90 };
    run.eax = address (&word);
    for (unsigned n = 0; n < 5; ++n) {
        CHECK (run.perform ());
        CHECK_EQUAL (run.count (), 0u);
        settle ();
    }
    CHECK (!owner.done ());
    stop = true;
    CHECK (owner.finish ());
}

TEST_CASE ("DBG-007", "breakpoints do not fire in the kernel", "V2-338")
{
    // The kernel pushes CS over the watched word, which the handler leaves alone.
    static Word stack[512];
    reset_exception_table ();
    ExceptionRun run { 0xCD, 0x80 };
    run.stack = address (stack + 512);
    run.recovery = Recovery::skip (2);
    Watch watch { address (stack + 510), write_4_bytes, &run };
    CHECK (perform (watch));
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (run.caught ().vector, 13u);
    CHECK_EQUAL (watch.status, 0u);
}

TEST_CASE ("DBG-008", "a breakpoint that waits for the first instruction of the kernel is dropped",
           "V2-338 V2-008")
{
    // mov ss, [eax] with the word watched holds the trap back until the next instruction is done,
    // and that is a system call: the processor reports it behind the gate.
    static Word selector;
    selector = 0x23;
    constexpr Word read_4_bytes = 0xF;
    constexpr std::uint8_t vectors[] { 0x31, 0x33, 0x30, 0x80, 0x20, 3 };
    for (std::uint8_t vector : vectors) {
        // mov ss, [eax]; xor esi, esi; int n
        ExceptionRun run { 0x8E, 0x10, 0xCD, vector, 0xB9, 0x22, 0x22, 0x22, 0x22, 0xBA, 0x33, 0x33,
                           0x33, 0x33, 0xBB, 0x44, 0x44, 0x44, 0x44, 0xBD, 0x55, 0x55, 0x55, 0x55,
                           0xBE, 0x66, 0x66, 0x66, 0x66, 0xBF, 0x77, 0x77, 0x77, 0x77 };
        run.eax = address (&selector);
        run.recovery = Recovery::skip (vector == 0x80 || vector == 0x20 ? 2 : 0);
        Watch watch { address (&selector), read_4_bytes, &run };
        bool const ended = perform (watch);
        CHECK (ended);
        CHECK (run.kept_registers ());
    }
}

TEST_CASE ("DBG-009", "single step goes on behind system calls and emulated instructions",
           "V2-007 V2-336")
{
    reset_exception_table ();
    // pushfd; or dword [esp], TF; popfd; mov eax, dr7; xor eax, eax; int 33h; nop;
    // pushfd; and dword [esp], ~TF; popfd
    ExceptionRun run { 0x9C, 0x81, 0x0C, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9D, 0x0F, 0x21, 0xF8,
                       0x31, 0xC0, 0xCD, 0x33, 0x90, 0x9C, 0x81, 0x24, 0x24, 0xFF, 0xFE, 0xFF, 0xFF,
                       0x9D };
    CHECK (run.perform ());
    REQUIRE (run.count () >= 4);
    CHECK_EQUAL (run.caught (0).eip, run.code () + 12);     // behind mov eax, dr7
    CHECK_EQUAL (run.caught (1).eip, run.code () + 14);
    // Behind int 33h, or one instruction later.
    Address const third = run.caught (2).eip - run.code ();
    CHECK (third == 16 || third == 17);
    for (unsigned n = 0; n < 3; ++n)
        CHECK_EQUAL (run.caught (n).vector, 1u);
}

TEST_CASE ("DBG-010", "DR6 tells the step, and is the thread's to clear", "V2-337")
{
    static Word status[2];
    reset_exception_table ();
    static ExceptionRun run { 0x9C, 0x81, 0x0C, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9D, 0x90, 0x90 };
    run.recovery.eflags_cleared = flag_trap;
    run.prepare ();
    Partner& partner = start_partner ([] (void*) {
        load_exception_table (reinterpret_cast<Address> (exception_table));
        guest_run_code ();
        status[0] = read_dr6 ();
        write_dr6 (0);
        status[1] = read_dr6 ();
    }, nullptr);
    CHECK (partner.finish ());
    CHECK_EQUAL (run.count (), 1u);
    CHECK_EQUAL (status[0], single_step);
    CHECK_EQUAL (status[1], 0u);
}
