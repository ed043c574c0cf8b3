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

extern sys_ipc_entry, ipc_memory
global ipc_fast, ipc_fast.iret

extern gdt
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

.wait:
        mov     eax, [other (PLACE)]            ; u
        mov     ecx, [own (PLACE)]              ; v
        cmp     eax, ecx                        ; u
        jne     .other_space                    ; v
.same_segments:
        switch_thread
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

.other_space:
        or      ecx, eax                        ; u
        and     ecx, byte PLACE_SMALLEST | PLACE_SPECIAL        ; u
        jnz     .not_both_large                 ; v
        mov     cr3, eax
        jmp     .same_segments

; From one 4 MB space to another: other bases, and all segment registers anew.
.not_both_large:
        mov     ecx, [own (PLACE)]              ; u
        and     ecx, eax                        ; u
        dec     eax                             ; v  now the descriptor's high word
        and     ecx, byte PLACE_SMALLEST        ; u
        jz      .small_and_large                ; v
        mov     [ss:DATA_DESCRIPTOR + 4], eax   ; u
        add     eax, CODE_LESS_DATA             ; v
        mov     [ss:CODE_DESCRIPTOR + 4], eax   ; u
.new_segments:
        switch_thread
        mov     eax, USER_DATA
        mov     fs, eax
        mov     gs, eax
        mov     ds, eax
        mov     es, eax
        mov     eax, REGISTER_MESSAGE
        jmp     .iret

; A task in a small space runs in any directory.
.small_and_large:
        inc     eax
        mov     ecx, [own (PLACE)]
        or      ecx, eax
        and     ecx, byte PLACE_SPECIAL
        jnz     .special
        test    al, PLACE_SMALLEST
        jz      .to_large
        dec     eax
        mov     dword [ss:DATA_DESCRIPTOR], SMALL_DATA_LOW
        mov     dword [ss:CODE_DESCRIPTOR], SMALL_DATA_LOW
        mov     [ss:DATA_DESCRIPTOR + 4], eax
        add     eax, CODE_LESS_DATA
        mov     [ss:CODE_DESCRIPTOR + 4], eax
        jmp     .new_segments

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
.to_large:
        mov     dword [ss:DATA_DESCRIPTOR], FLAT_DATA_LOW
        mov     dword [ss:CODE_DESCRIPTOR], FLAT_DATA_LOW
        mov     dword [ss:DATA_DESCRIPTOR + 4], FLAT_DATA_HIGH
        mov     dword [ss:CODE_DESCRIPTOR + 4], FLAT_DATA_HIGH + CODE_LESS_DATA
        mov     ecx, cr3
        cmp     ecx, eax
        je      .new_segments
        mov     cr3, eax
        jmp     .new_segments

; ESI:EDI is the sender by now, and the destination is who has been found.
.special:
        mov     ecx, [other (ID_LOW)]
        mov     eax, [own (IPC_RECEIVE)]
        mov     [own (AWAITED_LOW)], ecx
        jmp     .as_at_entry
