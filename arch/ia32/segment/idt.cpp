// SPDX-License-Identifier: BSD-2-Clause
#include <segment/idt.hpp>

#include <l4/syscall.hpp>

#include <control.hpp>
#include <segment/descriptor.hpp>
#include <segment/selectors.hpp>

namespace ia32 {

namespace {

constexpr unsigned double_fault_vector = 8;
constexpr unsigned page_fault_vector = 14;

/// A row of entry/traps.asm: `count` vectors whose stubs have `unused_stub_size`, or one.
struct VectorRow {
    Word vector;
    Word count;
    Privilege privilege;
    Word entry;
};

[[gnu::section (".hot.idt")]] alignas (32) Descriptor idt[vectors];

}  // namespace

}  // namespace ia32

extern "C" ia32::VectorRow const vector_table[], vector_table_end[];

namespace ia32 {

void load_vectors ()
{
    for (VectorRow const* row = vector_table; row != vector_table_end; ++row)
        for (Word i = 0; i < row->count; ++i)
            idt[row->vector + i] = Descriptor::interrupt_gate (
                kernel_code, row->entry + i * unused_stub_size, row->privilege);
    idt[double_fault_vector] = Descriptor::task_gate (double_fault_task);
    load_idt ({ sizeof idt - 1, reinterpret_cast<Word> (idt) });
}

void route_ipc (void (*entry) ())
{
    idt[static_cast<Word> (l4::SystemCall::ipc)]
        = Descriptor::interrupt_gate (kernel_code, reinterpret_cast<Word> (entry),
                                      Privilege::user);
}

void route_page_faults (void (*entry) ())
{
    idt[page_fault_vector]
        = Descriptor::interrupt_gate (kernel_code, reinterpret_cast<Word> (entry),
                                      Privilege::kernel);
}

}  // namespace ia32
