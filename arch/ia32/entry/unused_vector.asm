; SPDX-License-Identifier: BSD-2-Clause
; `int n` with an n that has no meaning, delivered to the thread's own handler as exception 13: the
; common case, in which its table and its stack are there and its segments are flat. All else is
; done by handle_unused_vector.
;
;   stack on entry   ss esp eflags cs eip n <- esp
;   out              the handler, with   eflags cs eip error   on the user's stack
;
; Table and stack are read and written through DS, the thread's own segment: so they lie where its
; small space does, if it has one, and not beyond its end.
%include "macros.inc"
%include "tcb.inc"

extern unused_entry
global unused_vector_fast, unused_vector_fast.iret, unused_vector_fast.left
global unused_vector_fast.touches_user, unused_vector_fast.touches_user_end

SAVED           equ     3 * WORD_SIZE           ; eax, ecx, edx
INT_SIZE        equ     2                       ; the instruction
USER_FRAME      equ     4 * WORD_SIZE           ; what the handler finds on its stack

; What the processor pushed, and n, below which ESP points to the saved registers.
%define number          esp + SAVED
%define pushed(field)   esp + SAVED + WORD_SIZE + (FRAME_ %+ field) - FRAME_EIP
; The running thread.
%define raiser(field)   esp + SAVED + WORD_SIZE + PUSHED + (TCB_ %+ field) - TCB_STACK_END

%macro require_flat 1
        mov     eax, %1
        cmp     ax, USER_DATA
        jne     .as_at_entry
%endmacro

        section .text
unused_vector_fast:
        push    eax
        push    ecx
        push    edx
        test    dword [pushed (EFLAGS)], EFLAGS_VIRTUAL_8086
        jnz     .as_at_entry
        require_flat ds
        require_flat es
        require_flat fs
        require_flat gs
        cmp     word [pushed (SS)], USER_DATA
        jne     .as_at_entry
        test    byte [raiser (RESOURCES_IN_USE)], RESOURCE_BREAKPOINTS  ; may stop what follows
        jnz     .as_at_entry
        mov     ecx, [pushed (ESP)]
        mov     eax, [raiser (EXCEPTION_TABLE)]
        sub     ecx, byte USER_FRAME
        cmp     ecx, USER_LIMIT - USER_FRAME
        ja      .as_at_entry
        cmp     eax, EXCEPTION_TABLE_LIMIT      ; there may be none
        ja      .as_at_entry

        ; From here to the end of this part a fault continues at .left: exception.cpp.
.touches_user:
        mov     edx, [eax + GENERAL_PROTECTION * GATE_SIZE + WORD_SIZE]
        mov     eax, [eax + GENERAL_PROTECTION * GATE_SIZE]
        and     edx, 0xFFFF0000
        and     eax, 0x0000FFFF
        or      eax, edx
        jz      .as_at_entry
        cmp     eax, USER_LIMIT
        jae     .as_at_entry
        movzx   edx, byte [number]
        lea     edx, [edx * 8 + 2]              ; as for an empty gate
        mov     [ecx], edx
        mov     edx, [pushed (EIP)]
        sub     edx, byte INT_SIZE
        mov     [ecx + WORD_SIZE], edx
        movzx   edx, word [pushed (CS)]
        mov     [ecx + 2 * WORD_SIZE], edx
        mov     edx, [pushed (EFLAGS)]
        or      edx, EFLAGS_RESUME
        mov     [ecx + 3 * WORD_SIZE], edx
.touches_user_end:

;--- commit -------------------------------------------------------------------------------------
        and     edx, ~EFLAGS_CLEARED_FOR_HANDLER
        mov     [pushed (EIP)], eax
        mov     [pushed (ESP)], ecx
        mov     [pushed (EFLAGS)], edx
        pop     edx
        pop     ecx
        pop     eax
        add     esp, byte WORD_SIZE
.iret:                                          ; a fault here is the user's: a bad handler
        iretd

.left:                                          ; the exception has loaded the kernel's
        mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
.as_at_entry:
        pop     edx
        pop     ecx
        pop     eax
        jmp     unused_entry
