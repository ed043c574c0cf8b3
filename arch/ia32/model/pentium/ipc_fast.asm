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
; Whatever is not common jumps to sys_ipc_entry with all registers as at entry. Until the thread is
; switched nothing is changed but fields of the sender's own ipc, which that path sets again.
;
; Scheduled for the Pentium: pairs of lines issue together (u, v); a compare pairs with its jump.
; Kernel data is addressed through SS by ESP and EBP alone; see entry/tcb.inc.
%include "macros.inc"
%include "tcb.inc"

extern sys_ipc_entry, ipc_memory, ipc_send, limit_wait
global ipc_fast, ipc_fast.iret, ipc_fast.as_at_entry

extern gdt, enter_place
%define CODE_DESCRIPTOR gdt + USER_CODE_ENTRY
%define DATA_DESCRIPTOR gdt + USER_DATA_ENTRY

; The sender waits, the receiver runs: on its own stack.
%macro switch_thread 0
        mov     dword [own (STATE)], STATE_WAITING      ; np
        mov     dword [other (STATE)], STATE_READY      ; np
        lea     ecx, [OTHER_STACK]              ; u
        lea     esp, [OTHER_STACK - PUSHED]     ; v
        mov     [ss:TSS_ESP0], ecx              ; np
%endmacro

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
        and     ecx, byte RECEIVE_TIME_LIMITED  ; u
        jnz     .limited                        ; v
.unlimited:
        mov     ecx, [own (ID_HIGH)]            ; u
        mov     [own (AWAITED_HIGH)], edi       ; v
        cmp     ecx, edi                        ; u  the same clan
        jne     .other_clan                     ; v
.nearest:
        xor     esi, [other (ID_LOW)]           ; u
        xor     edi, [other (ID_HIGH)]          ; v
        or      esi, edi                        ; u
        jnz     .as_at_entry                    ; v
        mov     ecx, [other (STATE)]            ; u
        mov     esi, [own (ID_LOW)]             ; v
        cmp     ecx, STATE_WAITING              ; u
        jne     .not_just_waiting               ; v
.waits:
        mov     ecx, [other (AWAITED_LOW)]      ; u
        mov     edi, [own (ID_HIGH)]            ; v
        cmp     ecx, esi                        ; u
        jne     .not_for_us                     ; v
        cmp     [other (AWAITED_HIGH)], edi     ; u
        jne     .as_at_entry                    ; v
.accepts:
        test    eax, eax                        ; u  from the destination, registers only
        jnz     .other_receive                  ; v

.wait:
        mov     eax, [other (PLACE)]            ; u
        mov     ecx, [own (PLACE)]              ; v
        cmp     eax, ecx                        ; u
        je      .same_space                     ; v
        and     ecx, eax                        ; u  from one 4 MB space to another?
        jns     .not_both_small                 ; v
        mov     dword [other (STATE)], STATE_READY      ; np
        lea     ecx, [OTHER_STACK]              ; u
        mov     ebp, TSS_ESP0                   ; v  SS without a prefix, for this page
        mov     dword [own (STATE)], STATE_WAITING      ; np
        mov     [ebp], ecx                      ; u
        lea     esp, [ecx - PUSHED]             ; v
        mov     [ebp + DATA_DESCRIPTOR + 4 - TSS_ESP0], eax     ; u
        add     eax, CODE_LESS_DATA             ; v
        mov     [ebp + CODE_DESCRIPTOR + 4 - TSS_ESP0], eax     ; u
.new_segments:
        mov     ecx, gs                         ; np
        mov     eax, fs                         ; np
        or      ecx, eax                        ; u  null, if the user has not loaded them
        jnz     .empty_segments                 ; v
.new_data_segments:
        mov     ecx, USER_DATA                  ; u
        mov     eax, REGISTER_MESSAGE           ; v
        mov     ds, ecx
        mov     es, ecx
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

.same_space:
        switch_thread
.same_segments:
        mov     ecx, ds                         ; np
        mov     eax, REGISTER_MESSAGE           ; u
        cmp     ecx, byte USER_DATA             ; u
        jne     .new_data_segments              ; v
        mov     ecx, es                         ; np
        cmp     ecx, byte USER_DATA             ; u
        je      .iret                           ; v
        jmp     .new_data_segments              ; the sender has loaded others

.not_both_small:
        mov     ecx, [own (PLACE)]
        or      ecx, eax                        ; u
        and     ecx, PLACE_SMALL | PLACE_SPECIAL        ; v
        jnz     .not_both_large
        switch_thread
        mov     cr3, eax
        jmp     .same_segments

; Between a task in 4 MB and a large one, if neither is special.
.not_both_large:
        and     ecx, byte PLACE_SPECIAL
        jnz     .special
        switch_thread
        mov     ecx, eax
        call    enter_place
        jmp     .new_data_segments

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

; A member of its clan to the chief, or the chief to a member. ECX: own id, high word.
.other_clan:
        xor     ecx, esi                        ; u
        and     ecx, ID_TASK                    ; u
        jz      .nearest                        ; v
        mov     ecx, [own (ID_LOW)]             ; u
        xor     ecx, edi                        ; u
        and     ecx, ID_TASK                    ; u
        jz      .nearest                        ; v
        jmp     .as_at_entry

.not_just_waiting:                              ; its limit of time no longer matters
        cmp     ecx, STATE_WAITING_LIMITED
        je      .waits
        jmp     .as_at_entry

.not_for_us:
        cmp     ecx, byte AWAITED_ANYONE
        je      .accepts
.as_at_entry:
        mov     ecx, [own (IPC_TIMEOUTS)]
        mov     esi, [own (AWAITED_LOW)]
        mov     edi, [own (AWAITED_HIGH)]
        mov     ebp, eax
        xor     eax, eax
        jmp     sys_ipc_entry

; The rest has no room in the hot page.
        section .text
; What FS and GS hold was loaded from the old descriptors.
.empty_segments:
        xor     ecx, ecx
        mov     fs, ecx
        mov     gs, ecx
        jmp     .new_data_segments

.limited:
        mov     [own (AWAITED_HIGH)], edi
        mov     ecx, [own (IPC_TIMEOUTS)]
        call    limit_wait
        mov     eax, [own (IPC_RECEIVE)]        ; keeps the flags
        jnc     .unlimited
        jmp     .as_at_entry

; ESI:EDI is the sender by now, and the destination is who has been found.
.special:
        mov     ecx, [other (ID_LOW)]
        mov     eax, [own (IPC_RECEIVE)]
        mov     [own (AWAITED_LOW)], ecx
        jmp     .as_at_entry
