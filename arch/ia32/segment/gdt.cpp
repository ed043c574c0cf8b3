// SPDX-License-Identifier: BSD-2-Clause
#include <segment/gdt.hpp>

#include <control.hpp>
#include <double_fault.hpp>
#include <expected_fault.hpp>
#include <machine/memory_layout.hpp>
#include <segment/descriptor.hpp>
#include <segment/selectors.hpp>

namespace ia32 {

// The fast paths write to it.
[[gnu::section (".hot.gdt")]] alignas (32) Descriptor gdt[gdt_entries] asm ("gdt");

namespace {

[[gnu::section (".hot.tss")]] alignas (32) Tss tss;
Tss double_fault_tss;
alignas (16) char double_fault_stack[2048];

constexpr Word user_last_page = 0xBFFFF;

void fill_gdt ()
{
    auto entry = [] (Word selector) -> Descriptor& { return gdt[selector / 8]; };
    entry (kernel_code) = Descriptor::segment (0, 0xFFFFF, Descriptor::code_readable,
                                               Privilege::kernel);
    entry (kernel_data) = Descriptor::segment (0, 0xFFFFF, Descriptor::data_writable,
                                               Privilege::kernel);
    entry (user_code) = Descriptor::segment (0, user_last_page, Descriptor::code_readable,
                                             Privilege::user);
    entry (user_data) = Descriptor::segment (0, user_last_page, Descriptor::data_writable,
                                             Privilege::user);
    entry (task_state) = Descriptor::tss (machine::task_state, machine::task_state_size - 1);
    entry (double_fault_task) = Descriptor::tss (reinterpret_cast<Word> (&double_fault_tss),
                                                 sizeof (Tss) - 1);
    // One byte of memory that can be read, for a read behind it.
    entry (limit_probe) = Descriptor::small_segment (reinterpret_cast<Word> (gdt), 0,
                                                     Descriptor::data_writable, Privilege::kernel);
}

/// A double fault gets a stack of its own, so that even a broken kernel stack can be reported.
void fill_double_fault_tss ()
{
    double_fault_tss = {};
    double_fault_tss.cr3 = read_cr3 ();
    double_fault_tss.eip = reinterpret_cast<Word> (&double_fault);
    double_fault_tss.esp = reinterpret_cast<Word> (double_fault_stack + sizeof double_fault_stack);
    double_fault_tss.eflags = eflags::always_one;
    double_fault_tss.cs = kernel_code;
    double_fault_tss.ss = kernel_data;
    double_fault_tss.ds = kernel_data;
    double_fault_tss.es = kernel_data;
    double_fault_tss.io_base = sizeof (Tss);
}

}  // namespace

Tss& task_state_segment () { return tss; }

void load_segments ()
{
    fill_gdt ();
    fill_double_fault_tss ();
    tss.ss0 = kernel_data;
    tss.io_base = machine::no_io_bitmap;

    load_gdt ({ sizeof gdt - 1, reinterpret_cast<Word> (gdt) });
    asm volatile ("ljmp %0, $1f\n"
                  "1: movw %1, %%ds\n\t movw %1, %%es\n\t movw %1, %%ss\n\t"
                  "movw %2, %%fs\n\t movw %2, %%gs"
                  :
                  : "i"(kernel_code), "r"(kernel_data), "r"(user_data)
                  : "memory");
    // Reset leaves a local table of 64 KB at address 0, which is the user's.
    load_local_table (0);
    load_task_register (task_state);
}

static_assert (l4::tls_selector (0) == first_tls_selector);

void set_tls_descriptors (Descriptor const (&descriptors)[l4::tls_descriptors])
{
    for (unsigned n = 0; n < l4::tls_descriptors; ++n)
        gdt[first_tls_selector / 8 + n] = descriptors[n];
}

bool set_user_segments (Descriptor data)
{
    constexpr Word code_instead_of_data = (Descriptor::code_readable - Descriptor::data_writable)
                                          << 8;
    Descriptor& current = gdt[user_data / 8];
    if (current.low == data.low && current.high == data.high)
        return false;
    current = data;
    gdt[user_code / 8] = { data.low, data.high + code_instead_of_data };
    return true;
}

bool probe_limit_enforcement ()
{
    Word faulted = 0;
    expected_fault_resume = 1;
    asm volatile ("movw %1, %%fs\n\t"
                  "movl $2f, %2\n\t"
                  "movl %%fs:4, %%edx\n\t"
                  "jmp 3f\n"
                  "2: movl $1, %0\n"
                  "3: movw %3, %%fs"
                  : "+r"(faulted)
                  : "r"(limit_probe), "m"(expected_fault_resume), "r"(user_data)
                  : "edx", "memory");
    expected_fault_resume = 0;
    return faulted != 0;
}

}  // namespace ia32
