; SPDX-License-Identifier: BSD-2-Clause
; Emulation page: what a process executes between its trap and the server.
;
; Linked into the server, mapped read-only at EMULATION_PAGE in every process; so all addresses
; here are computed, not linked. It has no state of its own: docs/abi.md 10 says how exceptions
; arrive, trap/call_page.hpp what is stored where.
%include "call_page.inc"

%define HERE(label)     (EMULATION_PAGE + (label - emulation_begin))

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
        jmp     resume_with_segments

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
tell:
        xor     eax, eax                        ; send two registers
        xor     ebp, ebp                        ; receive two registers
        xor     ecx, ecx                        ; however long it takes
        mov     edx, TRAP_MESSAGE
        mov     esi, [HERE (emulation_server)]
        mov     edi, [HERE (emulation_server) + 4]
        int     SYSTEM_CALL_IPC
        test    eax, 0F0h                       ; cancelled: ask again
        jnz     tell
        test    edx, ANSWER_WITH_SEGMENTS
        jz      resume

resume_with_segments:
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

        times   4096 - ($ - emulation_begin) db 0
