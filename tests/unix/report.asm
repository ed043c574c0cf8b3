; SPDX-License-Identifier: BSD-2-Clause
; Says of each thing it tries whether it went as on Linux; ends with the number of what did not.
%include "linux.inc"

MAP_PRIVATE_ANONYMOUS   equ     22h
READ_WRITE              equ     3
EFAULT                  equ     -14
EINVAL                  equ     -22
ENOSYS                  equ     -38
ECHILD                  equ     -10
EBADF                   equ     -9

; `check TEXT` prints "ok TEXT" or "not ok TEXT" by the zero flag.
%macro check 1+
        jz      %%good
        inc     dword [failures]
        say     "not ok ", %1, 10
        jmp     %%done
%%good:
        say     "ok ", %1, 10
%%done:
%endmacro

        section .bss
failures:       resd    1
status:         resd    1
shared:         resd    2048
        section .data
user_descriptor:
        dd      -1, 0, 0FFFFFh, 51h             ; entry, base, limit, 32 bits in pages, usable
arguments:
        dd      path, word_1, 0
path:   db      "/bin/hello", 0
word_1: db      "from", 0

        section .text
        global  _start
_start:
        test    esp, 15
        check   "aligned stack"

        ; Memory.
        xor     ebx, ebx
        system_call SYS_BRK
        mov     esi, eax
        lea     ebx, [eax + 5000]
        system_call SYS_BRK
        lea     ecx, [esi + 5000]
        cmp     eax, ecx
        check   "brk"
        mov     dword [esi + 4990], 1234
        cmp     dword [esi + 100], 0
        check   "the heap is zero"

        xor     ebx, ebx
        mov     ecx, 3 * 4096
        mov     edx, READ_WRITE
        mov     esi, MAP_PRIVATE_ANONYMOUS
        mov     edi, -1
        xor     ebp, ebp
        system_call SYS_MMAP2
        mov     edi, eax
        mov     dword [edi + 4096], 77
        cmp     dword [edi + 8192], 0
        check   "mmap2"

        lea     ebx, [edi + 4096]
        mov     ecx, 4096
        mov     edx, 1
        system_call SYS_MPROTECT
        cmp     dword [edi + 4096], 77
        check   "mprotect keeps the page"
        lea     ebx, [edi + 8192]
        mov     ecx, 4096
        system_call SYS_MUNMAP
        test    eax, eax
        check   "munmap"
        mov     ebx, 1
        lea     ecx, [edi + 8192]
        mov     edx, 1
        system_call SYS_WRITE
        cmp     eax, EFAULT
        check   "what is not there cannot be written"
        mov     ebx, 1
        mov     ecx, 0C0000000h
        mov     edx, 1
        system_call SYS_WRITE
        cmp     eax, EFAULT
        check   "nor what lies in the kernel"

        ; Thread-local storage.
        mov     dword [user_descriptor + 4], shared
        mov     ebx, user_descriptor
        system_call SYS_SET_THREAD_AREA
        test    eax, eax
        check   "set_thread_area"
        mov     dword [shared + 20], 55667788h
        mov     eax, [user_descriptor]
        lea     eax, [eax * 8 + 3]
        mov     gs, ax
        cmp     dword [gs:20], 55667788h
        check   "gs"

        ; Processes.
        mov     dword [shared + 4096], 1
        system_call SYS_FORK
        test    eax, eax
        jnz     parent
        cmp     dword [shared + 4096], 1
        check   "the child has what the parent had"
        cmp     dword [gs:20], 55667788h
        check   "gs in the child"
        mov     dword [shared + 4096], 2
        mov     ebx, path
        mov     ecx, arguments
        xor     edx, edx
        system_call SYS_EXECVE
        leave_with 99

parent:
        mov     esi, eax
        mov     dword [shared + 4100], 3        ; copies the page in the parent
        mov     ebx, eax
        mov     ecx, status
        xor     edx, edx
        push    esi
        xor     esi, esi
        system_call SYS_WAIT4
        pop     esi
        cmp     eax, esi
        check   "wait4"
        cmp     dword [status], 0200h
        check   "the status of the child"
        cmp     dword [shared + 4096], 1
        check   "the parent has its own memory"

        system_call SYS_FORK
        test    eax, eax
        jnz     .second
        mov     dword [16], 0                   ; a null pointer
        leave_with 1
.second:
        mov     ebx, -1
        mov     ecx, status
        xor     edx, edx
        xor     esi, esi
        system_call SYS_WAIT4
        mov     eax, [status]
        and     eax, 7Fh
        cmp     eax, 11
        check   "a null pointer ends a process by SIGSEGV"
        mov     ebx, -1
        xor     ecx, ecx
        xor     edx, edx
        system_call SYS_WAIT4
        cmp     eax, ECHILD
        check   "no more children"

        ; What there is not.
        mov     ebx, 77
        mov     ecx, path
        mov     edx, 1
        system_call SYS_WRITE
        cmp     eax, EBADF
        check   "no such file"
        mov     eax, 9999
        int     80h
        cmp     eax, ENOSYS
        check   "no such call"

        mov     ebx, [failures]
        system_call SYS_EXIT
