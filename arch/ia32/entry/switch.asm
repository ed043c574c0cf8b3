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
%include "tcb.inc"

extern sys_ipc_resume, resume_page_fault, resume_user, resume_user_iret
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
        cmp     dword [edx + TCB_STATE], STATE_ENDED
        je      .ended
.to_be_continued:
        lea     esp, [edx + TCB_STACK_END - FRAME_SIZE]
        mov     eax, esp
        cmp     byte [edx + TCB_RESUMPTION], RESUMPTION_PAGE_FAULT
        je      .page_fault
        call    sys_ipc_resume
        jmp     resume_user

; Mostly there is nothing left to do: what sys_ipc_resume does then, and resume_user.
.ended:
        mov     eax, [edx + TCB_IPC_DOPE]
        test    eax, DOPE_REDIRECTED
        jnz     .to_be_continued
        mov     dword [edx + TCB_STATE], STATE_READY
        lea     esp, [edx + TCB_STACK_END - PUSHED]
        mov     ebx, USER_DATA
        mov     ds, ebx
        mov     es, ebx
        mov     ebx, [ss:edx + TCB_IPC_W1]
        mov     ecx, [ss:edx + TCB_IPC_TIMEOUTS]
        mov     ebp, [ss:edx + TCB_IPC_RECEIVE]
        mov     esi, [ss:edx + TCB_IPC_PARTNER_LOW]
        mov     edi, [ss:edx + TCB_IPC_PARTNER_HIGH]
        mov     edx, [ss:edx + TCB_IPC_W0]
        jmp     resume_user_iret

.page_fault:
        call    resume_page_fault
        jmp     resume_user
