; SPDX-License-Identifier: BSD-2-Clause
; Boot's first instruction and its last one.

extern boot_main

MULTIBOOT_MAGIC         equ 1BADB002h
PAGE_ALIGN_MODULES      equ 1 << 0
REPORT_MEMORY           equ 1 << 1
MULTIBOOT_FLAGS         equ PAGE_ALIGN_MODULES | REPORT_MEMORY
LOADER_MAGIC            equ 2BADB002h
STACK_SIZE              equ 16384

        ; Loaders look for this in the first 8 KB of the file.
        section .multiboot align=4
        dd      MULTIBOOT_MAGIC
        dd      MULTIBOOT_FLAGS
        dd      -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

        section .text

; Entry: eax 2BADB002h, ebx physical address of the Multiboot information, flat 32-bit segments,
; paging and interrupts off.
global start
start:
        mov     esp, stack_end
        push    dword 0                 ; no direction flag, no nested task
        popfd
        push    ebx
        push    eax
        call    boot_main               ; does not return

; [[noreturn]] void start_kernel (entry, information): the same state, for the kernel.
global start_kernel
start_kernel:
        mov     ecx, [esp + 4]
        mov     ebx, [esp + 8]
        mov     eax, LOADER_MAGIC
        jmp     ecx

        section .bss align=16
        resb    STACK_SIZE
stack_end:
