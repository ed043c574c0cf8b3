; SPDX-License-Identifier: BSD-2-Clause
; A loader that knows a V2 kernel by docs/abi.md 14.1 alone, as loaders made for other kernels do:
; the modules are kernel, sigma0, root task and programs, the page is found by its magic, and the
; kernel is started with a command line without the loader's name.
bits 32

LOADER_AT               equ     400000h         ; above what is loaded, below the modules
MULTIBOOT_MAGIC         equ     1BADB002h
STARTED_BY_MULTIBOOT    equ     2BADB002h
HAS_COMMAND_LINE        equ     4
PAGE                    equ     1000h

INFO_LOWER              equ     4               ; Multiboot information: KB below 640 KB,
INFO_UPPER              equ     8               ; and above 1 MB
INFO_COMMAND_LINE       equ     16
INFO_MODULES            equ     20              ; their number; next word: the table
MODULE_SIZE             equ     16              ; begin, end, string, 0

ELF_ENTRY               equ     24
ELF_HEADERS             equ     28
ELF_HEADER_COUNT        equ     44
PH_OFFSET               equ     4
PH_ADDRESS              equ     12              ; physical
PH_FILE_SIZE            equ     16
PH_MEMORY_SIZE          equ     20
PH_LENGTH               equ     32

KIP_MAGIC               equ     4BE6344Ch
KIP_VERSION             equ     4
KIP_SIGMA0              equ     20h
KIP_ROOT                equ     40h
KIP_MEMORY              equ     54h
KIP_USER                equ     0E0h

RAM                     equ     1
RESERVED                equ     2
BOOT_LOADER             equ     0Eh
ARCHITECTURE            equ     0Fh

global _start

        section .text
        align   4
        dd      MULTIBOOT_MAGIC, 2, -(MULTIBOOT_MAGIC + 2)      ; memory sizes, please

_start:
        mov     esp, stack_end
        mov     [info], ebx
        mov     ebp, [ebx + INFO_MODULES + 4]   ; the module table

        mov     esi, [ebp]                      ; kernel
        call    load
        mov     [kernel_entry], eax
        mov     [kernel], ebx
        mov     [kernel + 4], edi

        mov     ebx, [kernel]                   ; its info page
.search:
        cmp     dword [ebx], KIP_MAGIC
        je      .found
        add     ebx, PAGE
        cmp     ebx, [kernel + 4]
        jb      .search
        jmp     fail
.found:
        cmp     byte [ebx + KIP_VERSION + 3], 2
        jne     fail
        mov     [page], ebx

        mov     esi, [ebp + MODULE_SIZE]        ; sigma0, with a page of stack behind it
        call    load
        mov     edx, [page]
        add     edi, PAGE
        mov     [edx + KIP_SIGMA0], edi
        mov     [edx + KIP_SIGMA0 + 4], eax
        mov     [edx + KIP_SIGMA0 + 8], ebx
        mov     [edx + KIP_SIGMA0 + 12], edi

        mov     esi, [ebp + 2 * MODULE_SIZE]    ; the root task, without a stack
        call    load
        mov     edx, [page]
        mov     [edx + KIP_ROOT + 4], eax
        mov     [edx + KIP_ROOT + 8], ebx
        mov     [edx + KIP_ROOT + 12], edi

        mov     eax, [info]
        mov     [edx + KIP_USER], eax

; Descriptors: type, begin, end. The modules and what tells of them lie behind this program.
        movzx   edi, word [edx + KIP_MEMORY + 2]
        add     edi, edx
        mov     esi, [info]
        mov     ecx, RAM
        mov     eax, PAGE
        mov     ebx, [esi + INFO_LOWER]
        shl     ebx, 10
        call    describe
        mov     eax, 100000h
        mov     ebx, [esi + INFO_UPPER]
        shl     ebx, 10
        add     ebx, eax
        call    describe
        mov     ecx, ARCHITECTURE
        mov     eax, 0A0000h
        mov     ebx, 100000h
        call    describe
        mov     ecx, RESERVED
        mov     eax, [kernel]
        mov     ebx, [kernel + 4]
        call    describe
        mov     eax, [edx + KIP_SIGMA0 + 8]
        mov     ebx, [edx + KIP_SIGMA0 + 12]
        call    describe
        mov     ecx, BOOT_LOADER
        mov     eax, [edx + KIP_ROOT + 8]
        mov     ebx, [edx + KIP_ROOT + 12]
        call    describe
        mov     eax, LOADER_AT
        call    end_of_modules
        call    describe
        mov     eax, esi                        ; the information itself
        and     eax, -PAGE
        lea     ebx, [eax + PAGE]
        call    describe

; The options are what follows the first word.
        mov     esi, [esi + INFO_COMMAND_LINE]
.word:
        cmp     byte [esi], 0
        je      .options
        inc     esi
        cmp     byte [esi - 1], ' '
        jne     .word
.options:
        mov     [command_line], esi
        mov     eax, STARTED_BY_MULTIBOOT
        mov     ebx, kernel_info
        jmp     [kernel_entry]

fail:
        cli
        hlt

; The ELF file at esi to its physical addresses. Out: eax entry, ebx begin and edi end, in pages.
load:
        push    ebp
        mov     ebp, esi
        mov     edx, [ebp + ELF_HEADERS]
        add     edx, ebp
        movzx   ecx, word [ebp + ELF_HEADER_COUNT]
        mov     ebx, -1
        xor     eax, eax                        ; the end
.segment:
        push    ecx
        cmp     dword [edx], 1                  ; PT_LOAD
        jne     .next
        mov     edi, [edx + PH_ADDRESS]
        cmp     edi, ebx
        jae     .not_first
        mov     ebx, edi
.not_first:
        mov     esi, [edx + PH_OFFSET]
        add     esi, ebp
        mov     ecx, [edx + PH_FILE_SIZE]
        rep     movsb
        push    eax
        mov     ecx, [edx + PH_MEMORY_SIZE]
        sub     ecx, [edx + PH_FILE_SIZE]
        xor     eax, eax
        rep     stosb
        pop     eax
        cmp     edi, eax
        jbe     .next
        mov     eax, edi
.next:
        pop     ecx
        add     edx, PH_LENGTH
        loop    .segment
        lea     edi, [eax + PAGE - 1]
        and     edi, -PAGE
        and     ebx, -PAGE
        mov     eax, [ebp + ELF_ENTRY]
        pop     ebp
        ret

; A descriptor at edi of type ecx for eax .. ebx.
describe:
        push    ebx
        and     eax, -400h
        or      eax, ecx
        stosd
        lea     eax, [ebx - 1]
        and     eax, -400h
        stosd
        pop     ebx
        inc     word [count]
        mov     ax, [count]
        mov     [edx + KIP_MEMORY], ax
        ret

; ebx = the end, in pages, of all modules, their strings and their table.
end_of_modules:
        push    eax
        push    ecx
        push    ebp
        mov     ecx, [esi + INFO_MODULES]
        mov     eax, ecx
        shl     eax, 4
        lea     ebx, [ebp + eax]
.module:
        mov     eax, [ebp + 4]
        cmp     eax, ebx
        jbe     .string
        mov     ebx, eax
.string:
        mov     eax, [ebp + 8]
        add     eax, 256
        cmp     eax, ebx
        jbe     .next
        mov     ebx, eax
.next:
        add     ebp, MODULE_SIZE
        loop    .module
        add     ebx, PAGE - 1
        and     ebx, -PAGE
        pop     ebp
        pop     ecx
        pop     eax
        ret

        section .data
kernel_info:
        dd      HAS_COMMAND_LINE, 0, 0, 0
command_line:
        dd      0
count:  dw      0

        section .bss
        alignb  4
info:           resd    1
page:           resd    1
kernel:         resd    2
kernel_entry:   resd    1
                resb    1024
stack_end:
