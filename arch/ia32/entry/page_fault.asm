; SPDX-License-Identifier: BSD-2-Clause
; A page fault of user code becomes a message to the pager: the common case, in which that waits
; for it. All else is done by handle_exception with the same frame.
;
;   out, to the pager   EDX fault address, bit 1: it was a write; EBX instruction pointer;
;                       ESI:EDI who faulted
;
; The thread then waits without a stack, but with its trap frame (Resumption::page_fault).
%include "macros.inc"
%include "tcb.inc"

extern handle_exception, resume_after_exception
global page_fault_fast, page_fault_fast.iret

; The running thread, ESP at its trap frame.
%define faulter(field)  esp + FRAME_SIZE + (TCB_ %+ field) - TCB_STACK_END

        section .hot.text progbits alloc exec nowrite align=32
        align   16
page_fault_fast:
        push    byte PAGE_FAULT_VECTOR
        save_registers
        mov     eax, cr2
        test    byte [esp + FRAME_ERROR], PAGE_FAULT_OF_USER
        jz      .complete
        test    dword [esp + FRAME_EFLAGS], EFLAGS_VIRTUAL_8086
        jnz     .complete
        see_fault faulter, .complete
        mov     esi, [faulter (PAGER_LOW)]
        mov     edi, [faulter (PAGER_HIGH)]
        mov     ebp, esi
        and     ebp, TCB_INDEX_MASK
        cmp     [faulter (ID_HIGH)], edi        ; the same clan
        jne     .other_clan
.nearest:
        cmp     [other (ID_LOW)], esi
        jne     .complete
        cmp     [other (ID_HIGH)], edi
        jne     .complete
        cmp     dword [other (STATE)], STATE_WAITING
        jne     .not_just_waiting
.waits:
        require_accepting faulter, ecx, .complete
        require_plain_places faulter, ecx, .complete

;--- commit -------------------------------------------------------------------------------------
        mov     [faulter (AWAITED_LOW)], esi
        mov     [faulter (AWAITED_HIGH)], edi
        mov     dword [faulter (IPC_RECEIVE)], RECEIVE_WHOLE_SPACE
        mov     dword [faulter (IPC_TIMEOUTS)], 0
        mov     byte [faulter (IN_KERNEL_RPC)], PAGE_FAULT_RPC
        mov     dword [faulter (STATE)], STATE_FAULTED
        mov     dword [other (STATE)], STATE_READY
        mov     edx, [esp + FRAME_ERROR]
        and     eax, byte ~3
        and     edx, byte PAGE_FAULT_OF_WRITE
        or      edx, eax
        mov     ebx, [esp + FRAME_EIP]
        mov     esi, [faulter (ID_LOW)]
        mov     edi, [faulter (ID_HIGH)]
        lea     ecx, [OTHER_STACK]
        mov     [TSS_ESP0], ecx
        switch_space faulter, OTHER_STACK - PUSHED
        mov     ecx, USER_DATA
        mov     ds, ecx
        mov     es, ecx
        mov     eax, REGISTER_MESSAGE
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

.not_just_waiting:
        cmp     dword [other (STATE)], STATE_WAITING_LIMITED
        je      .waits
        jmp     .complete

.other_clan:
        jump_if_chief_and_member faulter, .nearest

.complete:
        mov     eax, esp
        call    handle_exception
        jmp     resume_after_exception
