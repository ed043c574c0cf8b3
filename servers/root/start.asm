; SPDX-License-Identifier: BSD-2-Clause
; Entry of the root task.
;   in      nothing: esp is 0
;   out     root_main ()

STACK_BYTES     equ     4096

        section .text
        global  _start
        extern  root_main
_start:
        cld
        mov     esp, stack_top
        xor     ebp, ebp
        push    ebp                             ; no return address
        jmp     root_main

        section .bss
        align   16
        resb    STACK_BYTES
stack_top:
