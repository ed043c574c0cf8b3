; SPDX-License-Identifier: BSD-2-Clause
; Entries through the interrupt descriptor table, and the only ways back.
;
; Each `vector` line emits a stub and its row of the table that idt.cpp reads, so the two cannot
; drift. All gates are interrupt gates: the kernel runs with interrupts off.
;
;   stack at a handler  ss esp | eflags cs eip error vector eax ecx edx ebx ebp esi edi es ds <- esp
;                        (ss and esp only for entries from user mode; see machine/trap_frame.hpp)
%include "macros.inc"

extern handle_exception, handle_unused_vector, interrupt_entry, interrupt_fast
extern sys_ipc, sys_id_nearest, sys_fpage_unmap, sys_thread_switch
extern sys_thread_schedule, sys_lthread_ex_regs, sys_task_new
global resume_after_exception, resume_user, resume_user_from, resume_through, resume_user_iret
global vector_table, vector_table_end, unused_vector_route, unused_entry

; vector number, privilege (0 or 3), body
%macro vector 3
        section .text
%%stub:
        %3      %1
        section .rodata.vectors
        dd      %1, 1, %2, %%stub
%endmacro

; The processor has pushed an error code.
%macro exception_with_code 1
        push    byte %1
        jmp     exception_entry
%endmacro

%macro exception 1
        push    byte 0
        push    byte %1
        jmp     exception_entry
%endmacro

%macro interrupt 1
        push    byte 0
        push    byte %1
        jmp     interrupt_entry
%endmacro

%macro device_interrupt 1
        push    byte 0
        push    byte %1
        jmp     interrupt_fast
%endmacro

; A system call: the handler gets the frame and returns when the thread may go on.
%macro system_call 2
        section .text
        global  %2_entry
%2_entry:
        push    byte 0
        push    byte %1
        save_registers
        mov     eax, esp
        call    %2
        jmp     resume_user
        section .rodata.vectors
        dd      %1, 1, 3, %2_entry
%endmacro

        section .rodata.vectors
vector_table:

        vector  0, 0, exception
        vector  1, 0, exception
        vector  2, 0, exception
        vector  3, 3, exception         ; INT3, INTO and BOUND's are for users
        vector  4, 3, exception
        vector  5, 3, exception
        vector  6, 0, exception
        vector  7, 0, exception
        ; 8, the double fault, is a task gate
        vector  9, 0, exception
        vector  10, 0, exception_with_code
        vector  11, 0, exception_with_code
        vector  12, 0, exception_with_code
        vector  13, 0, exception_with_code
        section .text
        global  page_fault_entry
page_fault_entry:
        exception_with_code PAGE_FAULT_VECTOR
        section .rodata.vectors
        dd      PAGE_FAULT_VECTOR, 1, 0, page_fault_entry
        vector  16, 0, exception
        vector  17, 0, exception_with_code
        vector  18, 0, exception
        vector  19, 0, exception

%assign line 0
%rep INTERRUPT_LINES
    %if line == PIC_TIMER_LINE || (line & 7) == 7         ; the last of each may be spurious
        vector  FIRST_INTERRUPT_VECTOR + line, 0, interrupt
    %else
        vector  FIRST_INTERRUPT_VECTOR + line, 0, device_interrupt
    %endif
    %assign line line + 1
%endrep

        system_call SYSTEM_CALL_IPC, sys_ipc
        system_call SYSTEM_CALL_ID_NEAREST, sys_id_nearest
        system_call SYSTEM_CALL_FPAGE_UNMAP, sys_fpage_unmap
        system_call SYSTEM_CALL_THREAD_SWITCH, sys_thread_switch
        system_call SYSTEM_CALL_THREAD_SCHEDULE, sys_thread_schedule
        system_call SYSTEM_CALL_LTHREAD_EX_REGS, sys_lthread_ex_regs
        system_call SYSTEM_CALL_TASK_NEW, sys_task_new

; Vectors without a meaning. A group of stubs shares a jump, which the short ones reach.
%assign number FIRST_UNUSED_VECTOR
%rep (VECTORS - FIRST_UNUSED_VECTOR) / UNUSED_STUBS_IN_GROUP
    %assign group number
        section .rodata.vectors
        dd      group, UNUSED_STUBS_IN_GROUP, 3, unused_%+group
        section .text
unused_%+group:
    %rep UNUSED_STUBS_IN_GROUP
        push    byte (number ^ 80h) - 80h       ; the number, sign-extended
        jmp     short unused_jump_%+group
        %assign number number + 1
    %endrep
    %if $ - unused_%+group != UNUSED_STUBS_IN_GROUP * UNUSED_STUB_SIZE
        %error the stubs of unused vectors have another size
    %endif
unused_jump_%+group:
        jmp     dword [ss:unused_vector_route]
%endrep

        section .rodata.vectors
vector_table_end:

        section .data
unused_vector_route:
        dd      unused_entry

        section .text
exception_entry:
        save_registers
        mov     eax, esp
        call    handle_exception
        jmp     resume

unused_entry:
        push    byte GENERAL_PROTECTION
        save_registers
        mov     eax, esp
        call    handle_unused_vector
        jmp     resume_user

; Back to where the frame came from.
resume_after_exception:
resume:
        test    dword [esp + FRAME_EFLAGS], EFLAGS_VIRTUAL_8086
        jnz     resume_user
        test    byte [esp + FRAME_CS], 3
        jnz     resume_user
        add     esp, FRAME_EDI          ; the kernel's own segments never changed
        jmp     pop_registers

; The return to user mode has failed and been mended: eax is the user's frame again.
resume_user_from:
        mov     esp, eax
        jmp     resume_user

; A thread that was taken out of the kernel runs the function in ebx before it leaves.
resume_through:
        mov     eax, esp
        call    ebx

; Back to user mode, with flat user segments whatever the user had loaded.
resume_user:
        mov     ecx, USER_DATA
        mov     ds, ecx
        mov     es, ecx
        add     esp, FRAME_EDI
pop_registers:
        pop     edi
        pop     esi
        pop     ebp
        pop     ebx
        pop     edx
        pop     ecx
        pop     eax
        add     esp, FRAME_EIP - FRAME_VECTOR
resume_user_iret:                       ; a fault here is the user's: its EIP is beyond the limit
        iretd
