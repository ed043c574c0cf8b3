; SPDX-License-Identifier: BSD-2-Clause
; Switch kernel stacks; with them, threads.
;
;   void switch_context (Tcb* from, Tcb* to, Word page_directory)
;     eax  running thread           edx  thread to run
;     ecx  physical address of the page directory to load, 0 = keep the loaded one
;   A thread that waited without a stack ends its ipc instead of returning from here.
;   Returns when somebody switches back to `from`. A new thread's stack is prepared so that the
;   return goes to resume_user.
;
; The stack comes first: every page directory contains all TCBs, so both orders would work, but
; a TLB miss on the old stack after the CR3 load is one miss too many.
%include "macros.inc"

extern sys_ipc_resume, resume_page_fault, resume_user
global switch_context, interrupt_window

        section .text
; Serve what is pending, for assembly; changes eax and edx. STI works only behind the next
; instruction.
interrupt_window:
        sti
        nop
        cli
        ret

switch_context:
        push    ebp
        push    ebx
        push    esi
        push    edi
        mov     [eax + TCB_KERNEL_ESP], esp
        mov     esp, [edx + TCB_KERNEL_ESP]
        test    ecx, ecx
        jz      .same_directory
        mov     cr3, ecx
.same_directory:
        cmp     byte [edx + TCB_RESUMPTION], RESUMPTION_KERNEL_STACK
        jne     .without_stack
        pop     edi
        pop     esi
        pop     ebx
        pop     ebp
        ret

.without_stack:
        lea     esp, [edx + TCB_STACK_END - FRAME_SIZE]
        mov     eax, esp
        cmp     byte [edx + TCB_RESUMPTION], RESUMPTION_PAGE_FAULT
        je      .page_fault
        call    sys_ipc_resume
        jmp     resume_user
.page_fault:
        call    resume_page_fault
        jmp     resume_user
