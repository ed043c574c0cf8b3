; SPDX-License-Identifier: BSD-2-Clause
; The first instructions of our Linux programs: argc, argv and a null lie on the stack.

        extern  run

        section .text
        global  _start
_start:
        xor     ebp, ebp
        lea     eax, [esp + 4]
        and     esp, -16
        sub     esp, 12
        push    eax
        call    run
        mov     ebx, eax
        mov     eax, 1                          ; exit
        int     80h
