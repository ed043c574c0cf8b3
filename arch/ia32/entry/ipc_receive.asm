; SPDX-License-Identifier: BSD-2-Clause
; ipc without a send phase, while nobody waits to send: wait, and run who is next. From anyone, from
; a thread of the own clan, chief or child, from the own interrupt line, which may fire from then
; on, or from nobody, which is to sleep.
;
; Entered from ipc_memory, with all registers as at entry of ipc; so goes on what is not common.
; While the running thread has resources in use, the gate of ipc leads here (machine/resources.hpp).
%include "macros.inc"
%include "tcb.inc"

extern sys_ipc_entry, open_interrupt_line, scheduler_block, now
global ipc_receive, limit_wait

        section .text
        align   16
ipc_receive:
        cmp     eax, byte SEND_NIL
        jne     sys_ipc_entry
        mov     [own (IPC_PARTNER_LOW)], esi
        mov     [own (IPC_PARTNER_HIGH)], edi
        mov     [own (IPC_TIMEOUTS)], ecx
        mov     [own (IPC_RECEIVE)], ebp
        mov     [own (IPC_W0)], edx             ; what no message brings stays
        mov     [own (IPC_W1)], ebx
        test    cl, RECEIVE_TIME_LIMITED
        jnz     .limited
.begin:
        cmp     ebp, RECEIVE_LIMIT
        jae     .as_at_entry
        mov     eax, [own (WAITERS)]
        test    ebp, RECEIVE_OPEN
        jnz     .open
        cmp     eax, byte WAITERS_LINE
        ja      .as_at_entry
        cmp     esi, byte INTERRUPT_LINES
        jbe     .hardware
        mov     ebp, esi
        and     ebp, TCB_INDEX_MASK
        cmp     [own (ID_HIGH)], edi            ; the same clan
        jne     .other_clan
.nearest:
        cmp     [other (ID_LOW)], esi
        jne     .as_at_entry
        cmp     [other (ID_HIGH)], edi
        jne     .as_at_entry
.closed:
        mov     [own (AWAITED_LOW)], esi
        mov     [own (AWAITED_HIGH)], edi
.wait:
        cmp     dword [own (RESOURCES_IN_USE)], byte 0
        jne     .with_resources
        mov     dword [own (STATE)], STATE_WAITING
.run_next:
        mov     eax, KERNEL_DATA
        mov     ds, eax
        mov     es, eax
        cld
        call    scheduler_block                 ; does not return: the thread waits without a stack
        ud2

.open:
        mov     dword [own (AWAITED_LOW)], AWAITED_ANYONE
        mov     dword [own (AWAITED_HIGH)], AWAITED_ANYONE
        cmp     eax, byte WAITERS_LINE
        jb      .wait
        ja      .as_at_entry
.open_line:
        mov     eax, KERNEL_DATA
        mov     ds, eax
        mov     es, eax
        cld
        lea     eax, [own (BEGIN)]
        call    open_interrupt_line
        test    eax, eax
        jnz     .wait
.as_at_entry:
        mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
        or      eax, byte SEND_NIL
        mov     ebx, [own (IPC_W1)]
        mov     ecx, [own (IPC_TIMEOUTS)]
        mov     edx, [own (IPC_W0)]
        mov     ebp, [own (IPC_RECEIVE)]
        mov     esi, [own (IPC_PARTNER_LOW)]
        mov     edi, [own (IPC_PARTNER_HIGH)]
        jmp     sys_ipc_entry

; The own line, or nobody if there is none. Attaching and detaching have a limit of 0.
.hardware:
        xor     edi, edi
        mov     ecx, esi
        cmp     [own (INTERRUPT_LINE)], cl
        jne     .as_at_entry
        mov     [own (AWAITED_LOW)], esi
        mov     [own (AWAITED_HIGH)], edi
        test    al, WAITERS_LINE
        jnz     .open_line
        jmp     .wait

.with_resources:
        mov     dword [own (STATE)], STATE_WAITING_WITH_RESOURCES
        jmp     .run_next

.limited:
        call    limit_wait
        jnc     .begin
        jmp     .as_at_entry

.other_clan:
        jump_if_chief_and_member own, .nearest
        jmp     .as_at_entry

; Have a wait of the running thread end in time: note its deadline, if the queue of timeouts will
; look at the thread early enough (core/wakeup.hpp). The thread says by its timeouts that it has
; a deadline: nothing else needs to be done when it waits, or when it does not.
;
;   in   ECX timeouts, of them the receive timeout is limited
;   out  carry: it takes more than that
;
; Changes EAX and ECX.
%define callers(field)  own (field) + 4                 ; behind the return address
limit_wait:
        mov     eax, ecx
        and     ecx, byte RECEIVE_TIME_LIMITED
        shr     eax, RECEIVE_MANTISSA_SHIFT
        jz      .more
        cmp     ecx, byte FIRST_SCALED_EXPONENT
        jb      .more
        imul    eax, eax, TICK_SCALE
        shr     eax, cl
        shr     eax, cl
        shr     eax, TICK_SCALE_SHIFT
        add     eax, byte 2                     ; rounded up, and part of a tick has passed
        add     eax, [ss:now]
        mov     [callers (DEADLINE)], eax
        cmp     dword [callers (TIMEOUT_PLACE)], byte 0
        je      .more
        sub     eax, [callers (TIMEOUT_LOOK)]
        add     eax, eax                        ; carry: before that
        ret
.more:
        stc
        ret
