; SPDX-License-Identifier: BSD-2-Clause
; Entry of a program that the root task started.
;   in      esp = top of its stack, demand-zero; general registers 0
;   out     rt_start (), which does not return

        section .text
        global  _start
        extern  rt_start
_start:
        cld
        xor     ebp, ebp
        push    ebp                             ; no return address
        jmp     rt_start
