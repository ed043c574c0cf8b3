; SPDX-License-Identifier: BSD-2-Clause
; Entry of sigma0. V2-260
;   in      esp = stack, [esp] = physical address of the kernel info page; or that address in
;           ecx, if ecx is not 0
;   out     sigma0_main (kernel info page), regparm (3): the page in eax

        section .text
        global  _start
        extern  sigma0_main
_start:
        cld
        mov     eax, ecx
        test    eax, eax
        jnz     .have_page
        pop     eax
.have_page:
        and     esp, -8                         ; the compiler's alignment of the stack
        xor     ebp, ebp
        push    ebp                             ; no return address
        jmp     sigma0_main
