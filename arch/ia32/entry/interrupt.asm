; SPDX-License-Identifier: BSD-2-Clause
; A device interrupts, and its handler waits for that and is better than what runs: run it. The
; kernel masks the line and acknowledges (SOSP'95, 2.2). All else is done by handle_interrupt with
; the same frame.
;
;   out, to the handler   EAX 0, ESI:EDI line + 1; words of its own
;
; The interrupted thread, or the idle thread, goes on behind switch_context as if it had called it.
%include "macros.inc"
%include "tcb.inc"

extern handle_interrupt, resume_after_exception, interrupt_lines, gdt
extern scheduler_is_dispatching, scheduler_slice_owner, scheduler_enqueue, exchange_resources
extern route_ipc, route_page_faults, ipc_fast, page_fault_fast
global interrupt_fast, interrupt_fast.iret, interrupt_entry

%define self(field)     ss:edi + TCB_ %+ field
%define LINE            ss:interrupt_lines + (ebx - FIRST_INTERRUPT_VECTOR) * INTERRUPT_LINE_SIZE

; CL ends the line.
%macro mask_and_acknowledge 3                   ; mask's port, bits of it, command port
        in      al, %1
        or      al, %2
        out     %1, al
        mov     eax, ecx
        out     %3, al
%endmacro

        section .text
        align   32
interrupt_fast:
        push    eax
        push    ecx
        push    edx
        push    ebx
        push    ebp
        push    esi
        push    edi
        push    es
        push    ds
        cld
        mov     ebx, [esp + FRAME_VECTOR]
        mov     edi, esp
        mov     ebp, [LINE + INTERRUPT_LINE_HANDLER]
        and     edi, -TCB_SIZE
        and     ebp, TCB_INDEX_MASK
        cmp     byte [LINE + INTERRUPT_LINE_IS_FAST], 0
        je      .complete
        mov     eax, [other (STATE)]
        mov     ecx, [other (AWAITED_LOW)]
        cmp     eax, STATE_WAITING
        jne     .not_just_waiting
.waits:
        lea     esi, [ebx - FIRST_INTERRUPT_VECTOR + 1]
        cmp     ecx, byte AWAITED_ANYONE
        je      .accepts
        cmp     ecx, esi                        ; no thread has such an id
        jne     .complete
.accepts:
        mov     eax, [esp + FRAME_CS]
        mov     ecx, [esp + FRAME_EFLAGS]
        test    al, 3
        jz      .from_kernel
        test    ecx, EFLAGS_VIRTUAL_8086
        jnz     .complete
        mov     al, [self (PRIORITY)]
        cmp     [other (PRIORITY)], al
        jbe     .complete
.is_better:
        cmp     dword [other (SLICE_LEFT)], byte 0    ; has turns of its own
        je      .complete
        require_plain_places self, ecx, .complete

;--- commit -------------------------------------------------------------------------------------
        mov     ecx, ebx                        ; the vector ends like the line
        mov     edx, 1
        shl     edx, cl
        and     ecx, byte 7
        or      cl, PIC_END_OF_LINE
        test    dl, dl
        jz      .slave
        mask_and_acknowledge PIC_MASTER_DATA, dl, PIC_MASTER_COMMAND
.acknowledged:
        mov     eax, [other (RESOURCES_IN_USE)]
        mov     ecx, [self (RESOURCES_IN_USE)]
        or      eax, ecx
        jnz     .resources
.exchanged:
        cmp     dword [self (READY_LINK)], byte 0
        je      .enqueue
.is_queued:
        mov     byte [LINE + INTERRUPT_LINE_MASKED], 1
        or      dword [other (WAITERS)], byte WAITERS_LINE
        push    dword resume_after_exception
        sub     esp, byte 4 * WORD_SIZE       ; what switch_context pops
        mov     [self (KERNEL_ESP)], esp
        lea     eax, [ebp + TCB_AREA]
        mov     [ss:scheduler_slice_owner], eax
        mov     dword [other (STATE)], STATE_READY
        mov     edx, [other (IPC_W0)]
        lea     eax, [OTHER_STACK]
        mov     ebx, [other (IPC_W1)]
        mov     [ss:TSS_ESP0], eax
        switch_space self, OTHER_STACK - PUSHED
        mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
        xor     edi, edi
        xor     eax, eax
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

.slave:
        mask_and_acknowledge PIC_SLAVE_DATA, dh, PIC_SLAVE_COMMAND
        mov     al, PIC_END_OF_CASCADE
        out     PIC_MASTER_COMMAND, al
        jmp     .acknowledged

; The idle thread is never queued, and anybody is better. Its segments are those of the last task.
.from_kernel:
        cmp     edi, TCB_AREA
        jne     .complete
        cmp     byte [ss:scheduler_is_dispatching], 0
        jne     .complete
        cmp     dword [ss:gdt + USER_DATA_ENTRY + WORD_SIZE], FLAT_DATA_HIGH
        je      .is_better
        jmp     .complete

.enqueue:
        cmp     edi, TCB_AREA
        je      .is_queued
        mov     eax, KERNEL_DATA
        mov     ds, eax
        mov     es, eax
        mov     eax, edi
        call    scheduler_enqueue
        jmp     .is_queued

.resources:
        mov     ecx, KERNEL_DATA
        mov     ds, ecx
        mov     es, ecx
        cmp     eax, byte RESOURCES_IO_BITMAP   ; only a running thread has that, often a driver
        jne     .other_resources
        mov     word [TSS_IO_BASE], NO_IO_BITMAP
        mov     dword [edi + TCB_RESOURCES_IN_USE], 0
        mov     eax, ipc_fast
        call    route_ipc
        mov     eax, page_fault_fast
        call    route_page_faults
        jmp     .exchanged

.other_resources:
        mov     eax, edi
        lea     edx, [other (BEGIN)]
        call    exchange_resources
        jmp     .exchanged

.not_just_waiting:
        cmp     eax, STATE_WAITING_WITH_RESOURCES
        je      .waits
        cmp     eax, STATE_WAITING_LIMITED
        je      .waits
.complete:
        mov     ecx, KERNEL_DATA
        mov     ds, ecx
        mov     es, ecx
        mov     eax, esp
        call    handle_interrupt
        jmp     resume_after_exception

interrupt_entry:
        save_registers
        mov     eax, esp
        call    handle_interrupt
        jmp     resume_after_exception
