// SPDX-License-Identifier: BSD-2-Clause
/// @file  Constants that assembly needs, taken from the C++ types that define them.
///
/// Compiled like any kernel source; the build dumps the section into asm_offsets.inc.
#include <core/tcb.hpp>
#include <l4/multiboot.hpp>
#include <l4/syscall.hpp>

#include <control.hpp>
#include <device/pic8259.hpp>
#include <init.hpp>
#include <machine/memory_layout.hpp>
#include <machine/page_entry.hpp>
#include <machine/trap_frame.hpp>
#include <segment/selectors.hpp>

using l4::Word;

#define EMIT(name, value)                                                                          \
    asm volatile (".pushsection .asm_offsets,\"\",@progbits\n\t"                                   \
                  ".ascii \"%%define " #name " %c0\\n\"\n\t.popsection"                            \
                  :                                                                                \
                  : "i"(value))

/// Friend of the kernel's types, so that it may look at private members.
struct AsmOffsets {
    static void emit_frame ();
    static void emit_tcb ();
    static void emit_constants ();
};

void AsmOffsets::emit_frame ()
{
    using machine::TrapFrame;
    EMIT (FRAME_EDI, offsetof (TrapFrame, edi));
    EMIT (FRAME_VECTOR, offsetof (TrapFrame, vector));
    EMIT (FRAME_EIP, offsetof (TrapFrame, eip));
    EMIT (FRAME_CS, offsetof (TrapFrame, cs));
    EMIT (FRAME_EFLAGS, offsetof (TrapFrame, eflags));
    EMIT (FRAME_SIZE, sizeof (TrapFrame));
}

void AsmOffsets::emit_tcb ()
{
    using kernel::Tcb;
    EMIT (TCB_KERNEL_ESP, offsetof (Tcb, kernel_esp));
    EMIT (TCB_STACK_END, offsetof (Tcb, kernel_stack) + kernel::kernel_stack_size);
    EMIT (TCB_RESUMPTION, offsetof (Tcb, resumption));
    EMIT (RESUMPTION_KERNEL_STACK, kernel::Resumption::kernel_stack);
    EMIT (TCB_RESOURCES_IN_USE, offsetof (Tcb, resources.in_use));
}

void AsmOffsets::emit_constants ()
{
    EMIT (KERNEL_DATA, Word { ia32::kernel_data });
    EMIT (USER_DATA, Word { ia32::user_data });
    EMIT (EFLAGS_VIRTUAL_8086, ia32::eflags::virtual_8086);
    EMIT (CR0_PAGING, ia32::cr0::paging);
    EMIT (CR0_WRITE_PROTECT, ia32::cr0::write_protect);
    EMIT (INTERRUPT_LINES, ia32::Pic8259::lines);
    EMIT (FIRST_INTERRUPT_VECTOR, ia32::Pic8259::first_vector);

    using l4::SystemCall;
    EMIT (SYSTEM_CALL_IPC, SystemCall::ipc);
    EMIT (SYSTEM_CALL_ID_NEAREST, SystemCall::id_nearest);
    EMIT (SYSTEM_CALL_FPAGE_UNMAP, SystemCall::fpage_unmap);
    EMIT (SYSTEM_CALL_THREAD_SWITCH, SystemCall::thread_switch);
    EMIT (SYSTEM_CALL_THREAD_SCHEDULE, SystemCall::thread_schedule);
    EMIT (SYSTEM_CALL_LTHREAD_EX_REGS, SystemCall::lthread_ex_regs);
    EMIT (SYSTEM_CALL_TASK_NEW, SystemCall::task_new);

    EMIT (WINDOW_BEGIN, machine::window_begin);
    EMIT (WINDOW_DIRECTORY_OFFSET, (machine::window_begin >> 22) * sizeof (Word));
    EMIT (WORD_SIZE, sizeof (Word));
    EMIT (PAGE_SIZE, l4::page_size);
    EMIT (PAGE_TABLE_ENTRIES, machine::directory_entries);
    EMIT (PAGE_PRESENT, machine::PageEntry::present);
    EMIT (PAGE_WRITABLE, machine::PageEntry::writable);
    EMIT (BOOT_STACK_SIZE, ia32::boot_stack_size);
    EMIT (COMMAND_LINE_SIZE, ia32::command_line_size);
    EMIT (MULTIBOOT_FLAGS, offsetof (l4::multiboot::Info, flags));
    EMIT (MULTIBOOT_HAS_COMMAND_LINE, l4::multiboot::info_command_line);
    EMIT (MULTIBOOT_COMMAND_LINE, offsetof (l4::multiboot::Info, command_line));
}
