; SPDX-License-Identifier: BSD-2-Clause
; First instructions: from the loader's flat, unpaged world to C++ at the kernel's addresses.
;
;   in   eax 2BADB002h, ebx physical address of the Multiboot information, interrupts off,
;        flat 32-bit segments, paging off
;
; The command line is copied before paging hides it; everything else that the kernel wants to
; know stands in the kernel info page, inside the image.
%include "macros.inc"

extern kernel_main
global start_physical, boot_directory, low_window_table, command_line

%define physical(symbol) ((symbol) - WINDOW_BEGIN)

        section .text
start:
start_physical equ physical (start)
        mov     esp, physical (boot_stack_end)
        mov     ebp, eax

        ; Copy the command line, cut to the buffer, which is zero and stays terminated.
        test    dword [ebx + MULTIBOOT_FLAGS], MULTIBOOT_HAS_COMMAND_LINE
        jz      .no_command_line
        mov     esi, [ebx + MULTIBOOT_COMMAND_LINE]
        mov     edi, physical (command_line)
        mov     ecx, COMMAND_LINE_SIZE - 1
.copy:
        lodsb
        stosb
        test    al, al
        loopnz  .copy
.no_command_line:

        ; The first 4 MB, at 0 for the jump and at the window for good.
        mov     edi, physical (low_window_table)
        mov     eax, PAGE_PRESENT | PAGE_WRITABLE
        mov     ecx, PAGE_TABLE_ENTRIES
.fill:
        stosd
        add     eax, PAGE_SIZE
        loop    .fill
        mov     eax, physical (low_window_table) + PAGE_PRESENT + PAGE_WRITABLE
        mov     [physical (boot_directory)], eax
        mov     [physical (boot_directory) + WINDOW_DIRECTORY_OFFSET], eax
        mov     eax, physical (boot_directory)
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PAGING | CR0_WRITE_PROTECT
        mov     cr0, eax
        mov     eax, high
        jmp     eax

high:
        mov     esp, boot_stack_end
        mov     dword [boot_directory], 0
        mov     eax, cr3                ; forget the identity mapping
        mov     cr3, eax
        mov     eax, ebp
        call    kernel_main             ; does not return

        section .bss
        alignb  PAGE_SIZE
boot_directory:
        resb    PAGE_SIZE
low_window_table:
        resb    PAGE_SIZE
        resb    BOOT_STACK_SIZE
boot_stack_end:
command_line:
        resb    COMMAND_LINE_SIZE
