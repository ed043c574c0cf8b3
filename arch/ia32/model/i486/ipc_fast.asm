; SPDX-License-Identifier: BSD-2-Clause
; ipc, the common case: two words to a thread that waits for them, and a wait for the next message
; in the same call, without a limit of time (SOSP'93, 5.2.1: call, and reply & wait).
;
;   in   EAX send descriptor, EBP receive descriptor, ECX timeouts, EDX w0, EBX w1,
;        ESI:EDI destination
;   out, to the receiver   EAX message dope, EDX w0, EBX w1, ESI:EDI sender
;
; The words stay where they are.
;
; Whatever is not common jumps to sys_ipc_entry with all registers as at entry. Up to the line
; "commit" nothing is changed but fields of the sender's own ipc, which that path sets again.
;
; The 486 issues one instruction at a time, so the order is free but for addresses: a register is
; not loaded in the instruction before the one that addresses by it.
; Kernel data is addressed through SS by ESP and EBP alone; see entry/tcb.inc.
%include "macros.inc"
%include "tcb.inc"

extern sys_ipc_entry, ipc_memory, ipc_send, limit_wait
global ipc_fast, ipc_fast.iret, ipc_fast.as_at_entry

        section .hot.text progbits alloc exec nowrite align=32
        align   32
ipc_fast:
        test    eax, eax                        ; registers only
        jnz     ipc_memory
        mov     [own (IPC_TIMEOUTS)], ecx
        mov     eax, ebp
        mov     [own (IPC_RECEIVE)], ebp
        mov     ebp, esi
        and     ebp, TCB_INDEX_MASK
        mov     [own (AWAITED_LOW)], esi
        mov     [own (AWAITED_HIGH)], edi
        and     ecx, byte RECEIVE_TIME_LIMITED
        jnz     .limited
.unlimited:
        cmp     [own (ID_HIGH)], edi            ; the same clan
        jne     .other_clan
.nearest:
        cmp     [other (ID_LOW)], esi
        jne     .as_at_entry
        cmp     [other (ID_HIGH)], edi
        jne     .as_at_entry
        cmp     dword [other (STATE)], STATE_WAITING
        jne     .not_just_waiting
.waits:
        mov     esi, [own (ID_LOW)]
        mov     edi, [own (ID_HIGH)]
        cmp     [other (AWAITED_LOW)], esi
        jne     .not_for_us
        cmp     [other (AWAITED_HIGH)], edi
        jne     .as_at_entry
.accepts:
        test    eax, eax                        ; from the destination, registers only
        jnz     .other_receive

;--- commit -------------------------------------------------------------------------------------
.wait:
        mov     dword [own (STATE)], STATE_WAITING
        mov     dword [other (STATE)], STATE_READY
        mov     eax, [other (PLACE)]
        lea     ecx, [OTHER_STACK]
        mov     [ss:TSS_ESP0], ecx
        cmp     eax, [own (PLACE)]
        lea     esp, [OTHER_STACK - PUSHED]     ; keeps the flags
        je      .same_space
        mov     cr3, eax
.same_space:
        mov     eax, ds
        cmp     eax, byte USER_DATA
        jne     .reload
        mov     eax, es
        cmp     eax, byte USER_DATA
        jne     .reload
.flat:
        mov     eax, REGISTER_MESSAGE
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

; The receive descriptor is not 0: nil, a buffer, a window, or from anyone.
.other_receive:
        cmp     eax, RECEIVE_LIMIT
        jae     ipc_send
        test    al, RECEIVE_OPEN
        jz      .wait
        cmp     dword [own (WAITERS)], byte 0
        jne     .as_at_entry
        mov     dword [own (AWAITED_LOW)], AWAITED_ANYONE
        jmp     .wait

.other_clan:
        jump_if_chief_and_member own, .nearest
        jmp     .as_at_entry

.not_just_waiting:                              ; its limit of time no longer matters
        cmp     dword [other (STATE)], STATE_WAITING_LIMITED
        je      .waits
        jmp     .as_at_entry

.not_for_us:
        cmp     dword [other (AWAITED_LOW)], byte AWAITED_ANYONE
        je      .accepts
.as_at_entry:
        mov     ecx, [own (IPC_TIMEOUTS)]
        mov     esi, [own (AWAITED_LOW)]
        mov     edi, [own (AWAITED_HIGH)]
        mov     ebp, eax
        xor     eax, eax
        jmp     sys_ipc_entry

.reload:                                        ; the sender has loaded others; the message goes on
        mov     eax, USER_DATA
        mov     ds, eax
        mov     es, eax
        jmp     .flat

; The rest has no room in the hot page.
        section .text
.limited:
        mov     ecx, [own (IPC_TIMEOUTS)]
        call    limit_wait
        mov     eax, [own (IPC_RECEIVE)]        ; keeps the flags
        jnc     .unlimited
        jmp     .as_at_entry
