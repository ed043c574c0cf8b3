// SPDX-License-Identifier: BSD-2-Clause
/// @file  Constants that assembly needs, taken from the C++ types that define them.
///
/// Compiled like any kernel source; the build dumps the section into asm_offsets.inc.
#include <core/interrupt_lines.hpp>
#include <core/tcb.hpp>
#include <l4/exception.hpp>
#include <core/time.hpp>
#include <l4/multiboot.hpp>
#include <l4/syscall.hpp>

#include <control.hpp>
#include <device/pic8259.hpp>
#include <init.hpp>
#include <machine/interrupt_controller.hpp>
#include <machine/memory_layout.hpp>
#include <machine/page_entry.hpp>
#include <machine/trap_frame.hpp>
#include <segment/idt.hpp>
#include <segment/selectors.hpp>
#include <segment/tss.hpp>
#include <user_exception.hpp>

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
    static void emit_states ();
    static void emit_messages ();
    static void emit_interrupts ();
    static void emit_constants ();
};

void AsmOffsets::emit_frame ()
{
    using machine::TrapFrame;
    EMIT (FRAME_EDI, offsetof (TrapFrame, edi));
    EMIT (FRAME_VECTOR, offsetof (TrapFrame, vector));
    EMIT (FRAME_EIP, offsetof (TrapFrame, eip));
    EMIT (FRAME_CS, offsetof (TrapFrame, cs));
    EMIT (FRAME_ERROR, offsetof (TrapFrame, error_code));
    EMIT (FRAME_EFLAGS, offsetof (TrapFrame, eflags));
    EMIT (FRAME_ESP, offsetof (TrapFrame, esp));
    EMIT (FRAME_SS, offsetof (TrapFrame, ss));
    EMIT (FRAME_SIZE, sizeof (TrapFrame));
}

void AsmOffsets::emit_tcb ()
{
    using kernel::Tcb;
    EMIT (TCB_KERNEL_ESP, offsetof (Tcb, kernel_esp));
    EMIT (TCB_STACK_END, offsetof (Tcb, kernel_stack) + kernel::kernel_stack_size);
    EMIT (TCB_AREA, machine::tcb_area_begin);
    EMIT (TCB_INDEX_MASK, l4::ThreadId::index_mask);
    EMIT (TCB_PAGER_LOW, offsetof (Tcb, pager));
    EMIT (TCB_PAGER_HIGH, offsetof (Tcb, pager) + sizeof (Word));
    EMIT (TCB_IN_KERNEL_RPC, offsetof (Tcb, in_kernel_rpc));
    EMIT (TCB_BEGIN, Word { 0 });
    EMIT (TCB_IPC_DOPE, offsetof (Tcb, ipc.dope));
    EMIT (TCB_IPC_PARTNER_LOW, offsetof (Tcb, ipc.partner));
    EMIT (TCB_IPC_PARTNER_HIGH, offsetof (Tcb, ipc.partner) + sizeof (Word));
    EMIT (TCB_IPC_W0, offsetof (Tcb, ipc.w0));
    EMIT (TCB_IPC_W1, offsetof (Tcb, ipc.w1));
    EMIT (TCB_IPC_SEND, offsetof (Tcb, ipc.send));
    EMIT (TCB_IPC_TIMEOUTS, offsetof (Tcb, ipc.timeouts));
    EMIT (TCB_IPC_RECEIVE, offsetof (Tcb, ipc.receive));
    EMIT (TCB_STATE, offsetof (Tcb, state));
    EMIT (TCB_ID_LOW, offsetof (Tcb, id));
    EMIT (TCB_ID_HIGH, offsetof (Tcb, id) + sizeof (Word));
    EMIT (TCB_AWAITED_LOW, offsetof (Tcb, awaited));
    EMIT (TCB_AWAITED_HIGH, offsetof (Tcb, awaited) + sizeof (Word));
    EMIT (TCB_WAITERS, offsetof (Tcb, waiters));
    EMIT (WAITERS_LINE, kernel::Waiters::line_bit);
    EMIT (TCB_SIZE, sizeof (Tcb));
    EMIT (TCB_INTERRUPT_LINE, offsetof (Tcb, interrupt_line));
    EMIT (TCB_DEADLINE, offsetof (Tcb, deadline));
    EMIT (TCB_TIMEOUT_PLACE, offsetof (Tcb, timeout_link.place));
    EMIT (TCB_TIMEOUT_LOOK, offsetof (Tcb, timeout_link.deadline));
    EMIT (TCB_PRIORITY, offsetof (Tcb, priority));
    EMIT (TCB_SLICE_LEFT, offsetof (Tcb, slice_left));
    EMIT (TCB_READY_LINK, offsetof (Tcb, ready_link));
    EMIT (TCB_PLACE, offsetof (Tcb, place));
    EMIT (TCB_RESUMPTION, offsetof (Tcb, resumption));
    EMIT (RESUMPTION_KERNEL_STACK, kernel::Resumption::kernel_stack);
    EMIT (TCB_RESOURCES_IN_USE, offsetof (Tcb, resources.in_use));
    EMIT (RESOURCE_BREAKPOINTS, machine::Resources::breakpoints);
    EMIT (TCB_EXCEPTION_TABLE, offsetof (Tcb, resources.exception_table));
    EMIT (GATE_SIZE, sizeof (l4::ExceptionGate));
    EMIT (EXCEPTION_TABLE_LIMIT,
          l4::user_limit - l4::exception_gates * sizeof (l4::ExceptionGate));
}

/// State, continuation, limit of time and resumption as one word.
static constexpr Word state_word (kernel::ThreadState state, bool timeout_armed,
                                  kernel::Resumption resumption)
{
    using kernel::Tcb;
    static_assert (offsetof (Tcb, continuation) == offsetof (Tcb, state) + 1);
    static_assert (offsetof (Tcb, timeout_armed) == offsetof (Tcb, state) + 2);
    static_assert (offsetof (Tcb, resumption) == offsetof (Tcb, state) + 3);
    static_assert (Word { static_cast<std::uint8_t> (kernel::Continuation::none) } == 0);
    return static_cast<Word> (state) | Word { timeout_armed } << 16
           | static_cast<Word> (resumption) << 24;
}

void AsmOffsets::emit_states ()
{
    using kernel::Resumption;
    using kernel::ThreadState;
    EMIT (STATE_READY, state_word (ThreadState::ready, false, Resumption::kernel_stack));
    EMIT (STATE_WAITING, state_word (ThreadState::waiting, false, Resumption::ipc_results));
    EMIT (STATE_ENDED, state_word (ThreadState::ready, false, Resumption::ipc_results));
    EMIT (STATE_FAULTED, state_word (ThreadState::waiting, false, Resumption::page_fault));
    EMIT (NO_RPC, kernel::no_rpc);
    EMIT (PAGE_FAULT_RPC, kernel::page_fault_rpc);
    EMIT (RESUMPTION_PAGE_FAULT, Resumption::page_fault);
    EMIT (RECEIVE_WHOLE_SPACE,
          l4::ReceiveDescriptor::map_window (l4::Fpage::whole_space ()).raw ());
    EMIT (USER_LIMIT, l4::user_limit);
    EMIT (STATE_WAITING_WITH_RESOURCES,
          state_word (ThreadState::waiting, false, Resumption::ipc_results_with_resources));
    EMIT (STATE_WAITING_LIMITED, state_word (ThreadState::waiting, true, Resumption::ipc_results));
    EMIT (AWAITED_ANYONE, l4::ThreadId::invalid ().low ());
    EMIT (RECEIVE_TIME_LIMITED, l4::Timeouts::ReceiveExponent::mask);
    EMIT (RECEIVE_MANTISSA_SHIFT, 24);
    static_assert (l4::Timeouts::ReceiveMantissa::make (1) == 1 << 24);
    EMIT (FIRST_SCALED_EXPONENT, kernel::first_scaled_exponent);
    EMIT (TICK_SCALE, kernel::tick_scale);
    EMIT (TICK_SCALE_SHIFT, kernel::tick_scale_shift);
    EMIT (RECEIVE_OPEN, l4::ReceiveDescriptor::registers ().open ().raw ());
    EMIT (ID_TASK, l4::ThreadId::Task::mask);
    static_assert (l4::ThreadId::Task::mask == l4::ThreadId::Chief::mask);
    EMIT (REGISTER_MESSAGE, (l4::MessageDope { l4::register_dwords, 0 }.raw ()));
    EMIT (RECEIVE_WINDOW, l4::ReceiveDescriptor::map_window (l4::Fpage { 0 }).raw ());
    EMIT (RECEIVE_FLAGS, Word { 3 });
    EMIT (RECEIVE_LIMIT, l4::user_limit - sizeof (l4::MessageHeader));
}

void AsmOffsets::emit_messages ()
{
    constexpr Word most_words = 1024;
    constexpr Word most_bytes = sizeof (l4::MessageHeader) + most_words * sizeof (Word);
    EMIT (SEND_FLAGS, Word { 3 });
    EMIT (SEND_NIL, -1);
    EMIT (RECEIVE_NIL, -1);
    static_assert (l4::SendDescriptor { ~Word { 0 } }.is_nil ()
                   && l4::ReceiveDescriptor { ~Word { 0 } }.is_nil ());
    EMIT (DOPE_REDIRECTED, l4::MessageDope::redirected_bit);
    EMIT (SEND_SHORT_FPAGE, l4::SendDescriptor::short_fpage ().raw ());
    EMIT (DOPE_MAPPED, Word { 2 });
    static_assert (l4::MessageDope { 2 }.mapped ());
    EMIT (MEMORY_MESSAGE_WORDS, most_words);
    // Below this a message ends in the same or the next 4 MB, and both are the user's.
    static_assert (most_bytes < l4::superpage_size);
    EMIT (MEMORY_MESSAGE_LIMIT, l4::user_limit - l4::superpage_size);
    EMIT (SMALL_MESSAGE_LIMIT, l4::superpage_size - most_bytes);
    EMIT (SIZE_OF_HEADER, sizeof (l4::MessageHeader));
    EMIT (HEADER_SIZE, offsetof (l4::MessageHeader, size));
    EMIT (HEADER_SEND, offsetof (l4::MessageHeader, send));
    EMIT (REGISTER_DWORDS, l4::register_dwords);
    constexpr Word string_message_dwords = 64, longest_string = 65536;
    // With the head, the words and the dope of the string.
    static_assert (sizeof (l4::MessageHeader) + 4 * string_message_dwords + sizeof (l4::StringDope)
                   < most_bytes);
    EMIT (STRING_MESSAGE_DWORDS, string_message_dwords);
    EMIT (LONGEST_STRING, longest_string);
    static_assert (longest_string < l4::StringDope::max_size);
    EMIT (HEADER_WORDS, offsetof (l4::MessageHeader, w0));
    EMIT (STRING_SEND_SIZE, offsetof (l4::StringDope, send_size));
    EMIT (STRING_SEND_ADDRESS, offsetof (l4::StringDope, send_address));
    EMIT (STRING_RECEIVE_SIZE, offsetof (l4::StringDope, receive_size));
    EMIT (STRING_RECEIVE_ADDRESS, offsetof (l4::StringDope, receive_address));
    EMIT (DOPE_ONE_STRING, l4::MessageDope::Strings::make (1));
    EMIT (DOPE_STRINGS, l4::MessageDope::Strings::mask);
    EMIT (DOPE_DWORDS_SHIFT, 13);
    static_assert (l4::MessageDope::Dwords::make (1) == 1 << 13);
}

void AsmOffsets::emit_interrupts ()
{
    using ia32::Pic8259;
    using Line = kernel::InterruptLines<kernel::Tcb, machine::InterruptController>::Line;
    EMIT (INTERRUPT_LINES, Pic8259::lines);
    EMIT (INTERRUPT_LINE_SIZE, sizeof (Line));
    EMIT (INTERRUPT_LINE_HANDLER, offsetof (Line, handler));
    EMIT (INTERRUPT_LINE_IS_FAST, offsetof (Line, is_fast));
    EMIT (INTERRUPT_LINE_MASKED, offsetof (Line, masked));
    EMIT (FIRST_INTERRUPT_VECTOR, Pic8259::first_vector);
    static_assert (Pic8259::first_vector % 32 == 0);        // the vector ends like the line
    EMIT (PIC_TIMER_LINE, Pic8259::timer_line);
    EMIT (PIC_MASTER_COMMAND, Pic8259::master_command);
    EMIT (PIC_MASTER_DATA, Pic8259::master_data);
    EMIT (PIC_SLAVE_COMMAND, Pic8259::slave_command);
    EMIT (PIC_SLAVE_DATA, Pic8259::slave_data);
    EMIT (PIC_END_OF_LINE, Pic8259::specific_end);
    EMIT (PIC_END_OF_CASCADE, Pic8259::specific_end | Pic8259::cascade_line);
}

void AsmOffsets::emit_constants ()
{
    EMIT (KERNEL_DATA, Word { ia32::kernel_data });
    EMIT (USER_DATA, Word { ia32::user_data });
    EMIT (USER_CODE_ENTRY, ia32::user_code / 8 * sizeof (ia32::Descriptor));
    EMIT (USER_DATA_ENTRY, ia32::user_data / 8 * sizeof (ia32::Descriptor));
    EMIT (CODE_LESS_DATA,
          (ia32::Descriptor::code_readable - ia32::Descriptor::data_writable) << 8);
    using machine::Place;
    constexpr ia32::Descriptor small
        = Place::in_small_space (machine::small_spaces_begin, 0).data_segment ();
    constexpr ia32::Descriptor flat = Place {}.data_segment ();
    EMIT (SMALL_DATA_LOW, small.low);
    EMIT (FLAT_DATA_LOW, flat.low);
    EMIT (FLAT_DATA_HIGH, flat.high);
    EMIT (PLACE_SMALL, Place::small);
    EMIT (PLACE_SPECIAL, Place::special);
    EMIT (RESOURCES_IO_BITMAP, machine::Resources::io_bitmap);
    EMIT (NO_IO_BITMAP, machine::no_io_bitmap);
    EMIT (TSS_IO_BASE, machine::task_state + offsetof (ia32::Tss, io_base));
    EMIT (TSS_ESP0, machine::task_state + offsetof (ia32::Tss, esp0));
    EMIT (EFLAGS_VIRTUAL_8086, ia32::eflags::virtual_8086);
    EMIT (EFLAGS_RESUME, ia32::eflags::resume);
    EMIT (EFLAGS_CLEARED_FOR_HANDLER, ia32::cleared_for_handler);
    EMIT (CR0_PAGING, ia32::cr0::paging);
    EMIT (CR0_WRITE_PROTECT, ia32::cr0::write_protect);
    EMIT (PAGE_FAULT_VECTOR, Word { ia32::page_fault });
    EMIT (PAGE_FAULT_OF_WRITE, ia32::page_fault_was_write);
    EMIT (PAGE_FAULT_OF_USER, ia32::page_fault_was_user);
    EMIT (GENERAL_PROTECTION, Word { ia32::general_protection });
    EMIT (VECTORS, ia32::vectors);
    EMIT (FIRST_UNUSED_VECTOR, ia32::first_unused_vector);
    EMIT (UNUSED_STUB_SIZE, ia32::unused_stub_size);
    EMIT (UNUSED_STUBS_IN_GROUP, ia32::unused_stubs_in_group);

    using l4::SystemCall;
    EMIT (SYSTEM_CALL_IPC, SystemCall::ipc);
    EMIT (SYSTEM_CALL_ID_NEAREST, SystemCall::id_nearest);
    EMIT (SYSTEM_CALL_FPAGE_UNMAP, SystemCall::fpage_unmap);
    EMIT (SYSTEM_CALL_THREAD_SWITCH, SystemCall::thread_switch);
    EMIT (SYSTEM_CALL_THREAD_SCHEDULE, SystemCall::thread_schedule);
    EMIT (SYSTEM_CALL_LTHREAD_EX_REGS, SystemCall::lthread_ex_regs);
    EMIT (SYSTEM_CALL_TASK_NEW, SystemCall::task_new);

    EMIT (WINDOW_BEGIN, machine::window_begin);
    EMIT (COPY_WINDOW_BEGIN, machine::copy_window_begin);
    EMIT (COPY_WINDOW_SIZE, machine::copy_window_size);
    EMIT (COPY_WINDOW_ENTRY, (machine::copy_window_begin >> 22) * sizeof (Word));
    EMIT (SUPERPAGE_BITS, l4::superpage_bits);
    EMIT (SUPERPAGE_SIZE, l4::superpage_size);
    EMIT (PAGE_USER, machine::PageEntry::user);
    EMIT (PAGE_USED, machine::PageEntry::accessed | machine::PageEntry::dirty);
    EMIT (WINDOW_DIRECTORY_OFFSET, (machine::window_begin >> 22) * sizeof (Word));
    EMIT (WORD_SIZE, sizeof (Word));
    EMIT (WORD_BITS, 2);
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
