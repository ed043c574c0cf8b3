; SPDX-License-Identifier: BSD-2-Clause
; Emulation page: what a process executes between its trap and the server.
;
; Linked into the server, mapped read-only at EMULATION_PAGE in every process; so all addresses
; here are computed, not linked. It has no state of its own: docs/abi.md 10 says how exceptions
; arrive, trap/call_page.hpp what is stored where.
%include "call_page.inc"

%define HERE(label)     (EMULATION_PAGE + (label - emulation_begin))
NONE            equ     0FFFFFFFFh

; lthread_ex_regs without new pager and preempter.
;   in      eax     lthread
;           ecx     ESP, or NONE
;           edx     EIP, or NONE
;   out     eax     EFLAGS, ecx ESP, edx EIP as they were
;   changes ebx, ebp, esi, edi
%macro call_exchange 0
        mov     ebx, NONE
        mov     ebp, NONE
        mov     esi, NONE
        mov     edi, NONE
        int     SYSTEM_CALL_EXCHANGE
%endmacro

        section .data.emulation progbits alloc noexec write align=4096
        global  emulation_begin, emulation_entry_offset, emulation_server

emulation_begin:

; Gates of the 32 exceptions, in the processor's format. Each handler has HANDLER_SIZE bytes.
HANDLER_SIZE    equ     16
%macro gate 1
        dw      (HERE (handlers) + %1 * HANDLER_SIZE) & 0FFFFh
        dw      0
        db      0, 0Fh
        dw      (HERE (handlers) + %1 * HANDLER_SIZE) >> 16 & 0FFFFh
%endmacro

gates:
%assign vector 0
%rep 32
        gate    vector
%assign vector vector + 1
%endrep
gates_end:

gate_table:
        dw      gates_end - gates - 1
        dd      HERE (gates)

; The server's id.
        align   4
emulation_server:
        dd      0, 0

emulation_entry_offset:
        dd      start - emulation_begin

; A new task.
;   in      nothing; the call page holds all registers
        align   16
start:
        mov     eax, HERE (gate_table)
        lidt    [eax]
        mov     eax, INTERRUPTER
        mov     edx, HERE (interrupter)
        mov     ecx, NONE
        call_exchange
        mov     eax, [CALL_FIRST_ANSWER]
        jmp     go_on

; One handler for each exception.
;   in      [esp] error code if there is one, then eip, cs, eflags
;   out     trap: [esp] vector, error code or 0, eip, cs, eflags
%macro handler 1
        align   HANDLER_SIZE
%if %1 != 8 && !(%1 >= 10 && %1 <= 14) && %1 != 17
        push    dword 0
%endif
        push    dword %1
        jmp     near trap
%endmacro

        align   HANDLER_SIZE
handlers:
%assign vector 0
%rep 32
        handler vector
%assign vector vector + 1
%endrep

; From here to the IPC the call page is not complete: a thread that is interrupted here goes on
; where it was.
        align   16
trap:
        mov     [CALL_EAX], eax
        mov     [CALL_EBX], ebx
        mov     [CALL_ECX], ecx
        mov     [CALL_EDX], edx
        mov     [CALL_ESI], esi
        mov     [CALL_EDI], edi
        mov     [CALL_EBP], ebp
        pop     dword [CALL_VECTOR]
        pop     dword [CALL_ERROR]
        pop     dword [CALL_EIP]
        pop     eax                             ; cs: there is only one
        pop     dword [CALL_EFLAGS]
        mov     [CALL_ESP], esp
        xor     eax, eax
        mov     ax, gs
        mov     [CALL_GS], eax
        mov     ebx, MESSAGE_TRAP
        jmp     tell

; Interrupted in the program: the other thread has stored ESP, EIP and EFLAGS.
was_interrupted:
        mov     [CALL_EAX], eax
        mov     [CALL_EBX], ebx
        mov     [CALL_ECX], ecx
        mov     [CALL_EDX], edx
        mov     [CALL_ESI], esi
        mov     [CALL_EDI], edi
        mov     [CALL_EBP], ebp
        xor     eax, eax
        mov     ax, gs
        mov     [CALL_GS], eax
        mov     dword [CALL_VECTOR], INTERRUPTED
        mov     ebx, MESSAGE_TRAP
        jmp     tell

save_floating_point:
        fnsave  [CALL_FLOATING_POINT]
        mov     ebx, MESSAGE_SAVED
        jmp     tell

was_interrupted_in_ipc:
        test    eax, 0F0h
        jz      ask_again
lost:
        mov     ebx, [CALL_MESSAGE]
        test    eax, 10h                        ; sending: nothing has arrived
        jnz     tell
ask_again:
        mov     ebx, MESSAGE_AGAIN

; Send a message to the server and do what it says.
;   in      ebx     MESSAGE_...
tell:
        mov     [CALL_MESSAGE], ebx
        xor     eax, eax                        ; send two registers
        xor     ebp, ebp                        ; receive two registers
        xor     ecx, ecx                        ; however long it takes
        mov     edx, TRAP_MESSAGE
        mov     esi, [HERE (emulation_server)]
        mov     edi, [HERE (emulation_server) + 4]
        int     SYSTEM_CALL_IPC
told:

; From here on everything is in the call page: a thread that is interrupted here asks again.
        test    eax, 0F0h
        jnz     lost
        mov     eax, edx
        test    eax, ANSWER_SAVE_FLOATING_POINT
        jnz     save_floating_point

;   in      eax     ANSWER_...
go_on:
        test    eax, eax
        jz      resume
        test    eax, ANSWER_WITH_FLOATING_POINT
        jz      .segments
        frstor  [CALL_FLOATING_POINT]
.segments:
        test    eax, ANSWER_WITH_SEGMENTS
        jz      resume
        mov     eax, CALL_TLS
        lgdt    [eax]
        mov     eax, [CALL_GS]
        mov     gs, ax
resume:
        mov     esp, [CALL_ESP]
        push    dword [CALL_EFLAGS]
        push    cs
        push    dword [CALL_EIP]
        mov     ebx, [CALL_EBX]
        mov     ecx, [CALL_ECX]
        mov     edx, [CALL_EDX]
        mov     esi, [CALL_ESI]
        mov     edi, [CALL_EDI]
        mov     ebp, [CALL_EBP]
        mov     eax, [CALL_EAX]
        iretd

; The second thread. It waits for the server's word, stops the first thread where it is, looks
; where that was, and lets it go on as befits the place. It needs no stack.
        align   16
interrupter:
        mov     eax, NONE                       ; send nothing
        xor     ebp, ebp
        xor     ecx, ecx
        mov     esi, [HERE (emulation_server)]
        mov     edi, [HERE (emulation_server) + 4]
        int     SYSTEM_CALL_IPC
        test    eax, 0F0h
        jnz     interrupter
        xor     eax, eax
        mov     ecx, NONE
        mov     edx, HERE (parked)
        call_exchange
        cmp     edx, EMULATION_PAGE
        jb      .in_program
        cmp     edx, HERE (handlers)
        jb      .starting
        cmp     edx, HERE (told)
        jb      .let_go                         ; at the same place
        je      .in_ipc
        mov     edx, HERE (ask_again)
        jmp     .let_go
.in_ipc:
        mov     edx, HERE (was_interrupted_in_ipc)
        jmp     .let_go
.starting:
        mov     edx, HERE (start)
        jmp     .let_go
.in_program:
        mov     [CALL_EFLAGS], eax
        mov     [CALL_ESP], ecx
        mov     [CALL_EIP], edx
        mov     edx, HERE (was_interrupted)
.let_go:
        xor     eax, eax
        mov     ecx, NONE
        call_exchange
        jmp     interrupter

parked:
        jmp     parked

        times   4096 - ($ - emulation_begin) db 0
