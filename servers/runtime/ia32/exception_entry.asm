; SPDX-License-Identifier: BSD-2-Clause
; Handlers of the exceptions that end a program, STUB_SIZE apart.
;   in      what the kernel pushed: [error code,] eip, cs, eflags
;   out     rt_exception (address of: number, [error code,] eip), which does not return

STUB_SIZE       equ     8
STACK_ALIGNMENT equ     8

        section .text
        global  rt_exception_stubs
        extern  rt_exception

        align   STUB_SIZE
rt_exception_stubs:
%assign number 0
%rep 32
        push    byte number
        jmp     near .enter
        align   STUB_SIZE
    %assign number number + 1
%endrep

.enter:
        cld
        mov     eax, esp
        xor     ebp, ebp
        and     esp, byte -STACK_ALIGNMENT
        sub     esp, byte STACK_ALIGNMENT - 4   ; as a call leaves it
        push    ebp                             ; no return address
        jmp     rt_exception
