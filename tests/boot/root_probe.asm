; SPDX-License-Identifier: BSD-2-Clause
; A root task that tells its pager what its registers held. If that one is a sigma0 it gets memory
; and ports by touching them, and reports what it finds.
%include "probe.inc"

SIGMA0                  equ     2 << 17
SIGMA0_HIGH             equ     4 << 17
INFO_PAGE_REQUEST       equ     0FFFFFFA0h
WINDOW                  equ     10000000h
PAGE_WINDOW             equ     12 << 2 | 2
FREE_RAM                equ     0A00000h

global _start

; Not a word of memory is touched before the report.
_start:
        or      eax, ecx
        or      eax, edx
        or      eax, ebx
        or      eax, ebp
        or      eax, esi
        or      eax, edi
        mov     ebx, eax
        mov     edx, 1                          ; no page fault; a sigma0 says no to it
        xor     eax, eax
        xor     ecx, ecx
        xor     ebp, ebp
        mov     esi, SIGMA0
        mov     edi, SIGMA0_HIGH
        int     CALL_IPC
        mov     esp, stack_end

        mov     edx, INFO_PAGE_REQUEST
        xor     ebx, ebx
        xor     eax, eax
        xor     ecx, ecx
        mov     ebp, WINDOW | PAGE_WINDOW
        mov     esi, SIGMA0
        mov     edi, SIGMA0_HIGH
        int     CALL_IPC
        report  "answer", eax
        report  "magic", [WINDOW]
        report  "version", [WINDOW + KIP_VERSION]
        mov     ebx, [WINDOW + KIP_USER]
        call    print_modules

; Memory comes as it is, at its physical address, and can be written.
        mov     ebx, [WINDOW + KIP_USER]
        mov     ebx, [ebx + INFO_MODULES + 4]
        mov     eax, [ebx + 2 * MODULE_SIZE]
        report  "root-file", [eax]
        mov     dword [eax], 5160A000h
        report  "written", [eax]
        mov     dword [FREE_RAM], 5160A001h
        report  "ram", [FREE_RAM]
        finish

        section .bss
        alignb  4
                resb    1024
stack_end:
