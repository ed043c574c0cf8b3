; SPDX-License-Identifier: BSD-2-Clause
; Prints its arguments and ends with their number as its status.
%include "linux.inc"

        section .text
        global  _start
_start:
        mov     ebp, [esp]                      ; argc
        lea     esi, [esp + 4]                  ; argv
        say     "hello"
.next:
        mov     edi, [esi]
        add     esi, 4
        test    edi, edi
        jz      .end
        say     " "
        mov     ecx, edi
        xor     edx, edx
.length:
        cmp     byte [ecx + edx], 0
        je      .print
        inc     edx
        jmp     .length
.print:
        mov     ebx, 1
        system_call SYS_WRITE
        jmp     .next
.end:
        say     10
        mov     ebx, ebp
        system_call SYS_EXIT
