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
; Scheduled for the Pentium: pairs of lines issue together (u, v); a compare pairs with its jump.
; Kernel data is addressed through SS by ESP and EBP alone; see entry/tcb.inc.
%include "macros.inc"
%include "tcb.inc"

extern sys_ipc_entry, ipc_memory
global ipc_fast, ipc_fast.iret

        section .hot.text progbits alloc exec nowrite align=32
        align   32
ipc_fast:
        test    eax, eax                        ; u  registers only
        jnz     ipc_memory                      ; v
        mov     [own (IPC_TIMEOUTS)], ecx       ; u
        mov     eax, ebp                        ; v
        mov     [own (IPC_RECEIVE)], ebp        ; u
        mov     ebp, esi                        ; v
        and     ebp, TCB_INDEX_MASK             ; u
        mov     [own (AWAITED_LOW)], esi        ; v
        mov     [own (AWAITED_HIGH)], edi       ; u
        and     ecx, byte RECEIVE_TIME_LIMITED  ; v
        jnz     .as_at_entry                    ; u
        cmp     [own (ID_HIGH)], edi            ; u  the same clan
        jne     .other_clan                     ; v
.nearest:
        cmp     [other (ID_LOW)], esi           ; u
        jne     .as_at_entry                    ; v
        cmp     [other (ID_HIGH)], edi          ; u
        jne     .as_at_entry                    ; v
        cmp     dword [other (STATE)], STATE_WAITING    ; np
        jne     .not_just_waiting
.waits:
        mov     esi, [own (ID_LOW)]             ; u
        mov     edi, [own (ID_HIGH)]            ; v
        cmp     [other (AWAITED_LOW)], esi      ; u
        jne     .not_for_us                     ; v
        cmp     [other (AWAITED_HIGH)], edi     ; u
        jne     .as_at_entry                    ; v
.accepts:
        test    eax, eax                        ; u  from the destination, registers only
        jnz     .other_receive                  ; v

;--- commit -------------------------------------------------------------------------------------
.wait:
        mov     dword [own (STATE)], STATE_WAITING      ; np
        mov     dword [other (STATE)], STATE_READY      ; np
        mov     eax, [other (PLACE)]   ; u
        lea     ecx, [OTHER_STACK]              ; v
        mov     [ss:TSS_ESP0], ecx              ; np
        cmp     eax, [own (PLACE)]     ; u
        lea     esp, [OTHER_STACK - PUSHED]     ; v  keeps the flags
        je      .same_space
        mov     cr3, eax
.same_space:
        mov     eax, ds                         ; u
        cmp     eax, byte USER_DATA             ; u
        jne     .reload                         ; v
        mov     eax, es                         ; u
        cmp     eax, byte USER_DATA             ; u
        jne     .reload                         ; v
.flat:
        mov     eax, REGISTER_MESSAGE           ; u
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

; The receive descriptor is not 0: nil, a buffer, a window, or from anyone.
.other_receive:
        cmp     eax, RECEIVE_LIMIT
        jae     .as_at_entry
        test    al, RECEIVE_OPEN
        jz      .wait
        cmp     dword [own (SEND_QUEUE)], byte 0
        jne     .as_at_entry
        mov     dword [own (AWAITED_LOW)], AWAITED_ANYONE
        jmp     .wait

; Between a chief and its clan messages go directly, too. The chief's task number is in the ids
; of its clan where that of the task is in its own.
.other_clan:
        mov     ecx, [own (ID_LOW)]
        xor     ecx, edi
        test    ecx, ID_TASK
        jz      .nearest
        mov     ecx, [own (ID_HIGH)]
        xor     ecx, esi
        test    ecx, ID_TASK
        jz      .nearest
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
