// SPDX-License-Identifier: BSD-2-Clause
/// @file  Children that execute what a Linux program has no business to: the microkernel's calls,
///        privileged instructions, ports, the server's pages. Each is to be ended by a signal, or
///        to gain nothing; the witness and this process must not notice anything.
#include <runtime/ia32/syscalls.hpp>

#include "trial.hpp"

using namespace trial;

namespace {

constexpr unsigned emulation_page = 0xBFFFE000, call_page = 0xBFFFF000;
constexpr unsigned kernel_space = 0xF0000000;
constexpr l4::Timeouts at_once { 0x11 };            // both timeouts 0

l4::ThreadId myself ()
{
    return rt::id_nearest (l4::ThreadId::nil ()).nearest;
}

/// Call `work` with ids of tasks around this one: other processes, the server, whoever.
template <typename Work>
void for_each_neighbour (Work work)
{
    constexpr unsigned next_task = 1 << 17;
    l4::ThreadId const me = myself ();
    for (unsigned distance = 1; distance <= 8; ++distance) {
        work (l4::ThreadId { me.low () + distance * next_task, me.high () });
        work (l4::ThreadId { me.low () - distance * next_task, me.high () });
    }
}

// The seven calls.

void send (unsigned w0, unsigned w1)
{
    for_each_neighbour ([&] (l4::ThreadId to) {
        rt::ipc (l4::SendDescriptor::registers (), l4::ReceiveDescriptor::nil (), to, at_once, w0,
                 w1);
    });
}

void send_words () { send (1, 2); }
void send_traps () { send (0xC0000000, 0); }
void send_faults () { send (emulation_page | 2, 0); }

void send_pages ()
{
    for_each_neighbour ([] (l4::ThreadId to) {
        rt::ipc (l4::SendDescriptor::short_fpage (), l4::ReceiveDescriptor::nil (), to, at_once,
                 0x08048000, 0x08048000 | 12 << 2 | 2);
    });
}

void call_own_server ()
{
    l4::ThreadId const server = rt::id_nearest (myself ()).nearest;
    for (unsigned word = 0; word < 64; ++word)
        rt::ipc (l4::SendDescriptor::registers (), l4::ReceiveDescriptor::registers (), server,
                 at_once, word << 26, word << 20);
}

void receive_for_ever ()
{
    rt::ipc (l4::SendDescriptor::nil (), l4::ReceiveDescriptor::registers (),
             l4::ThreadId::nil (), l4::Timeouts::never ());
}

void ask_for_names () { for_each_neighbour ([] (l4::ThreadId who) { rt::id_nearest (who); }); }

constexpr l4::Word own = l4::unmap_completely | l4::unmap_in_own_space_too;

void unmap_everything () { rt::fpage_unmap (l4::Fpage { 32 << 2 }, own); }

void unmap_emulation_page ()
{
    rt::fpage_unmap (l4::Fpage::memory (emulation_page, 12), own);
    system_call (number::getpid);
}

void unmap_call_page ()
{
    rt::fpage_unmap (l4::Fpage::memory (call_page, 12), own);
    system_call (number::getpid);
}

void switch_to_others () { for_each_neighbour ([] (l4::ThreadId to) { rt::thread_switch (to); }); }

void stop_others ()
{
    for_each_neighbour ([] (l4::ThreadId who) {
        rt::thread_schedule (who, l4::ScheduleParameter { 0 });
    });
}

void own_priority () { rt::thread_schedule (myself (), l4::ScheduleParameter { 0xFF }); }

[[noreturn]] void thread ()
{
    for (;;)
        system_call (number::getpid);
}

void second_thread ()
{
    static char stack[4096];
    auto const begin = reinterpret_cast<l4::Address> (&thread);
    rt::lthread_ex_regs (1, reinterpret_cast<l4::Address> (stack + sizeof stack), begin);
    for (;;)
        continue;
}

void own_pager ()
{
    rt::lthread_ex_regs (0, ~0u, ~0u, myself ());
    asm volatile ("movb 0x30000000, %%al" : : : "eax");
}

void new_tasks ()
{
    for_each_neighbour ([] (l4::ThreadId who) {
        rt::task_new (who, 0, 0x1000, 0x1000, myself ());
        rt::task_new (who, 0, 0, 0, l4::ThreadId::nil ());
    });
}

// Instructions.

void read_port () { asm volatile ("inb $0x64, %%al" : : : "eax"); }
void write_port () { asm volatile ("outb %%al, $0x20" : : "a" (0)); }
void string_port () { asm volatile ("rep insb" : : "d" (0x1F0), "c" (8), "D" (&read_port)); }
void halt () { asm volatile ("hlt"); }
void clear_interrupts () { asm volatile ("cli"); }
void set_interrupts () { asm volatile ("sti"); }
void clear_switched () { asm volatile ("clts"); }
void cache () { asm volatile ("wbinvd"); }
void translation () { asm volatile ("invlpg 0x8048000"); }
void control_register () { asm volatile ("mov %%eax, %%cr3" : : "a" (0)); }
void debug_register () { asm volatile ("mov %%eax, %%dr7" : : "a" (0)); }
void model_register () { asm volatile ("wrmsr" : : "a" (0), "d" (0), "c" (0x10)); }
void local_table () { asm volatile ("lldt %%ax" : : "a" (8)); }
void task_register () { asm volatile ("ltr %%ax" : : "a" (8)); }
void far_call () { asm volatile ("lcall $0x08, $0"); }
void stack_of_the_kernel () { asm volatile ("mov %%ax, %%ss" : : "a" (0x10)); }

struct [[gnu::packed]] TablePointer {
    unsigned short limit;
    unsigned base;
};

/// A table of exceptions of its own, full of nothing; then an exception.
void exception_table ()
{
    static unsigned table[512];
    TablePointer const pointer { sizeof table - 1, reinterpret_cast<unsigned> (table) };
    asm volatile ("lidt %0" : : "m" (pointer));
    system_call (number::getpid);
}

/// Descriptors for all of memory, with the kernel's rights.
void descriptor_table ()
{
    static unsigned table[512];
    for (int i = 0; i < 512; i += 2) {
        table[i] = 0x0000FFFF;
        table[i + 1] = 0x00CF9300;
    }
    TablePointer const pointer { sizeof table - 1, reinterpret_cast<unsigned> (table) };
    asm volatile ("lgdt %0" : : "m" (pointer));
    asm volatile ("mov %%ax, %%gs\n\tmovl %%gs:0, %%eax" : : "a" (0x10));
}

void return_with_privileges ()
{
    asm volatile ("pushf\n\torl $0x3000, (%%esp)\n\tpopf\n\tcli" : : : "memory", "cc");
}

void interrupts () { asm volatile ("int $0x81\n\tint $0xFF\n\tint $0x8\n\tint $0xE"); }
void undefined () { asm volatile ("ud2"); }

// Memory.

void write_emulation_page () { *reinterpret_cast<unsigned volatile*> (emulation_page) = 0; }
void write_kernel () { *reinterpret_cast<unsigned volatile*> (kernel_space) = 0; }
void read_kernel () { (void) *reinterpret_cast<unsigned volatile*> (kernel_space); }
void jump_into_kernel () { reinterpret_cast<void (*) ()> (kernel_space) (); }
void null_pointer () { asm volatile ("movl $0, 16"); }

/// The server must believe nothing that stands there.
void fill_call_page ()
{
    auto* const words = reinterpret_cast<unsigned volatile*> (call_page);
    for (unsigned value : { 0u, 0xFFFFFFFFu, 0xC0000000u }) {
        for (int i = 0; i < 1024; ++i)
            words[i] = value;
        system_call (number::getpid);
    }
}

void stack_nowhere () { asm volatile ("movl $1000, %esp\n\tpushl %eax\n\tint $0x80"); }
void stack_in_kernel () { asm volatile ("movl $0xF0001000, %esp\n\tmovl $20, %eax\n\tint $0x80"); }
void stack_at_zero () { asm volatile ("xorl %esp, %esp\n\tmovl $20, %eax\n\tint $0x80"); }
void endless_stack () { asm volatile ("1: pushl %eax\n\tjmp 1b"); }

struct Attack {
    std::string_view name;
    void (*run) ();
    bool gains_nothing { false };   ///< it need not be ended: it can do what is harmless
};

constexpr Attack attacks[] {
    { "ipc: words to others", send_words, true },
    { "ipc: what looks like traps", send_traps, true },
    { "ipc: what looks like page faults", send_faults, true },
    { "ipc: pages to others", send_pages, true },
    { "ipc: calls to the server", call_own_server, true },
    { "ipc: waiting for anybody", receive_for_ever, true },
    { "id_nearest", ask_for_names, true },
    { "fpage_unmap: everything", unmap_everything, true },
    { "fpage_unmap: the emulation page", unmap_emulation_page, true },
    { "fpage_unmap: the call page", unmap_call_page, true },
    { "thread_switch", switch_to_others, true },
    { "thread_schedule: others", stop_others, true },
    { "thread_schedule: itself", own_priority, true },
    { "lthread_ex_regs: another thread", second_thread },
    { "lthread_ex_regs: another pager", own_pager, true },
    { "task_new", new_tasks, true },
    { "in", read_port },
    { "out", write_port },
    { "rep ins", string_port },
    { "hlt", halt },
    { "cli", clear_interrupts },
    { "sti", set_interrupts },
    { "clts", clear_switched },
    { "wbinvd", cache },
    { "invlpg", translation },
    { "mov cr3", control_register },
    { "mov dr7", debug_register, true },
    { "wrmsr", model_register },
    { "lldt", local_table },
    { "ltr", task_register },
    { "far call", far_call },
    { "kernel's stack segment", stack_of_the_kernel },
    { "lidt", exception_table, true },
    { "lgdt", descriptor_table, true },
    { "popf with privileges", return_with_privileges },
    { "int of every kind", interrupts },
    { "ud2", undefined },
    { "writing the emulation page", write_emulation_page },
    { "writing the kernel", write_kernel },
    { "reading the kernel", read_kernel },
    { "jumping into the kernel", jump_into_kernel },
    { "null pointer", null_pointer },
    { "filling the call page", fill_call_page, true },
    { "stack nowhere", stack_nowhere },
    { "stack in the kernel", stack_in_kernel, true },
    { "stack at zero", stack_at_zero, true },
    { "endless stack", endless_stack },
};

}  // namespace

int run (char**)
{
    Report report;
    Witness witness;
    if (!report.check (witness.start (), "the witness begins"))
        return 1;
    for (Attack const& attack : attacks) {
        End const end = in_child ([&] {
            attack.run ();
            return 0;
        });
        report.check_end (end.by_signal () || attack.gains_nothing, attack.name, end);
        if (!report.check (witness.goes_on (), "the witness goes on"))
            break;
    }
    witness.stop ();
    return report.failures ();
}
