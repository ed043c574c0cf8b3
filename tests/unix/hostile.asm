; SPDX-License-Identifier: BSD-2-Clause
; Children that attack in different ways; each must be ended by a signal, and the parent goes on.
; Ends with the number of those that were not.
%include "linux.inc"

        section .bss
failures:       resd    1
status:         resd    1

        section .data
        align   4
attacks:
        dd      write_emulation_page, port, halt, clear_interrupts, call_into_kernel_space
        dd      write_own_code, no_stack, wild_selector, new_thread
        dd      kernel_stack, no_table, wait_for_anybody
        dd      0

        section .text
        global  _start
_start:
        mov     edi, attacks
next:
        mov     ebp, [edi]
        test    ebp, ebp
        jz      done
        system_call SYS_FORK
        test    eax, eax
        jnz     watch
        jmp     ebp

watch:
        mov     ebx, -1
        mov     ecx, status
        xor     edx, edx
        xor     esi, esi
        system_call SYS_WAIT4
        mov     eax, [status]
        and     eax, 7Fh                        ; 0: it has ended by itself
        jnz     ended
        inc     dword [failures]
        say     "survived", 10
ended:
        add     edi, 4
        jmp     next

done:
        say     "still here", 10
        mov     ebx, [failures]
        system_call SYS_EXIT

survived:
        leave_with 0

write_emulation_page:
        mov     dword [0BFFFE000h], 0
        jmp     survived
port:
        in      al, 64h
        jmp     survived
halt:
        hlt
        jmp     survived
clear_interrupts:
        cli
        jmp     survived
call_into_kernel_space:
        mov     eax, 0F0000000h
        call    eax
        jmp     survived
write_own_code:
        mov     byte [write_own_code], 90h
        jmp     survived
no_stack:
        mov     esp, 1000
        system_call SYS_GETPID
        jmp     survived
wild_selector:
        mov     ax, 8
        mov     gs, ax
        jmp     survived

; A thread that the server knows nothing of: it faults at its first instruction.
new_thread:
        mov     eax, 1
        mov     ecx, esp
        mov     edx, 4
        mov     ebx, -1
        mov     ebp, -1
        mov     esi, -1
        mov     edi, -1
        int     35h
.wait:
        jmp     .wait

; Then the kernel shuts the thread down in silence: its frame would lie in kernel memory.
kernel_stack:
        mov     esp, 0C0001000h
        system_call SYS_GETPID
        jmp     survived

; The same: a base above BFFFFF00h takes the table of exceptions away.
no_table:
        mov     eax, table_of_none
        lidt    [eax]
        system_call SYS_GETPID
        jmp     survived

; Nobody sends to it.
wait_for_anybody:
        mov     eax, -1
        mov     ebp, 1
        xor     ecx, ecx
        int     30h
        jmp     wait_for_anybody

        section .rodata
table_of_none:
        dw      0FFh
        dd      0FFFFFFF0h
