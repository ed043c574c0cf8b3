; SPDX-License-Identifier: BSD-2-Clause
; ipc without a receive phase: two words to a thread that waits for them. It runs at once, on the
; rest of the time slice; the sender is ready and has its result (Resumption::ipc_results).
;
; Entered from ipc_fast, when the receiver is known to accept: EAX receive descriptor, EDX and EBX
; the words, ESI:EDI the sender, EBP the receiver.
%include "macros.inc"
%include "tcb.inc"

extern ipc_fast.as_at_entry, ipc_fast.iret, scheduler_enqueue
global ipc_send

        section .text
        align   16
ipc_send:
        cmp     eax, byte RECEIVE_NIL
        jne     ipc_fast.as_at_entry
        require_plain_places own, ecx, ipc_fast.as_at_entry
        mov     ecx, [own (AWAITED_LOW)]        ; the receiver
        mov     eax, [own (AWAITED_HIGH)]
        mov     [own (IPC_PARTNER_LOW)], ecx
        mov     [own (IPC_PARTNER_HIGH)], eax
        mov     [own (IPC_W0)], edx
        mov     [own (IPC_W1)], ebx
        cmp     dword [own (READY_LINK)], byte 0
        je      .enqueue
.is_queued:
        mov     dword [own (IPC_DOPE)], 0
        mov     dword [own (STATE)], STATE_ENDED
        mov     dword [other (STATE)], STATE_READY
        lea     eax, [OTHER_STACK]
        mov     [ss:TSS_ESP0], eax
        switch_space own, OTHER_STACK - PUSHED
        mov     ecx, USER_DATA
        mov     ds, ecx
        mov     es, ecx
        mov     eax, REGISTER_MESSAGE
        jmp     ipc_fast.iret

.enqueue:
        mov     eax, KERNEL_DATA
        mov     ds, eax
        mov     es, eax
        cld
        lea     eax, [own (BEGIN)]
        call    scheduler_enqueue
        mov     edx, [own (IPC_W0)]
        jmp     .is_queued
