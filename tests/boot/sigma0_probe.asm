; SPDX-License-Identifier: BSD-2-Clause
; A sigma0 that reports what it finds: at its first instruction, in memory that nobody gave it, and
; at the memory of the kernel. Then it is the root task's pager until that one tells of itself.
%include "probe.inc"

OPEN_WAIT               equ     1
MAP_ITEM                equ     2
PAGE_READ_WRITE         equ     12 << 2 | 2
GATES                   equ     32
GENERAL_PROTECTION      equ     13

global _start

_start:
        mov     [at_start + 4], ecx             ; the first page fault
        mov     [at_start], eax
        mov     [at_start + 8], edx
        mov     [at_start + 12], ebx
        mov     [at_start + 16], ebp
        mov     [at_start + 20], esi
        mov     [at_start + 24], edi
        mov     [at_start + 28], esp
        pop     dword [page]
        mov     esp, stack_end

        xor     eax, eax
        mov     ecx, 7
.register:
        or      eax, [at_start + 4 * ecx - 4]
        loop    .register
        report  "registers", eax
        report  "esp", [at_start + 28]
        report  "page", [page]
        mov     ebx, [page]
        report  "magic", [ebx]
        report  "version", [ebx + KIP_VERSION]
        report  "sigma0-esp", [ebx + KIP_SIGMA0]
        report  "root-eip", [ebx + KIP_ROOT + 4]
        mov     ebx, [ebx + KIP_USER]
        call    print_modules

; All memory is there, at its physical address: the files that the loader left.
        mov     ebx, [page]
        mov     ebx, [ebx + KIP_USER]
        mov     ebx, [ebx + INFO_MODULES + 4]
        mov     eax, [ebx]
        report  "kernel-file", [eax]
        mov     eax, [ebx + MODULE_SIZE]
        mov     dword [eax], 5160A000h
        report  "written", [eax]

; Only the kernel's is not.
        mov     eax, refused
        mov     [handler], ax
        shr     eax, 16
        mov     [handler + 6], ax
        mov     eax, pseudo_descriptor
        lidt    [eax]
        mov     ebx, [page]
        mov     dword [where], .image
        mov     dword [ebx], 0
        report  "page-write", 0
.image:
        mov     eax, [ebx + KIP_IMAGE]
        mov     dword [where], .pool
        mov     eax, [eax]
        report  "image-read", eax
.pool:
        mov     eax, [ebx + KIP_POOL]
        mov     dword [where], .serve
        mov     eax, [eax]
        report  "pool-read", eax

.serve:
        mov     eax, NONE
        xor     ecx, ecx
        mov     ebp, OPEN_WAIT
        int     CALL_IPC
.message:
        test    dl, 1
        jnz     .root
        report  "fault", edx
        report  "fault-eip", ebx
        report  "fault-from", esi
        and     edx, -1000h
        lea     ebx, [edx + PAGE_READ_WRITE]
        mov     eax, MAP_ITEM
        xor     ecx, ecx
        mov     ebp, OPEN_WAIT
        int     CALL_IPC
        jmp     .message
.root:
        report  "root-registers", ebx
        finish

refused:
        pop     eax                             ; the error code
        report  "refused", eax
        mov     eax, [where]
        mov     [esp], eax
        iretd

        section .data
        align   8
table:
%rep GENERAL_PROTECTION
        dd      0, 0
%endrep
handler:
        dw      0, 0, 0F00h, 0
        times   8 * (GATES - GENERAL_PROTECTION - 1) db 0
pseudo_descriptor:
        dw      8 * GATES - 1
        dd      table

        section .bss
        alignb  4
at_start:       resd    8
page:           resd    1
where:          resd    1
                resb    1024
stack_end:
