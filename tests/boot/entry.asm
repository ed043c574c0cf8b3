; SPDX-License-Identifier: BSD-2-Clause
; The test kernel notes the state in which boot started it.

extern kernel_main
global entry_eax, entry_ebx, entry_cr0, entry_eflags

        section .text
global start
start:
        mov     [entry_eax], eax
        mov     [entry_ebx], ebx
        mov     esp, stack_end
        pushfd
        pop     dword [entry_eflags]
        mov     eax, cr0
        mov     [entry_cr0], eax
        call    kernel_main             ; does not return

        section .bss align=16
entry_eax:      resd 1
entry_ebx:      resd 1
entry_cr0:      resd 1
entry_eflags:   resd 1
        resb    4096
stack_end:
