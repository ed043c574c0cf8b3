; SPDX-License-Identifier: BSD-2-Clause
; What a thread of a crowd does. None needs a stack, so that there may be thousands.
%macro label 1
        global  %1
%1:
%endmacro

        section .text

; Receive from nobody for a limited time, again and again.
label crowd_sleep
        mov     eax, -1
        xor     ebp, ebp
        mov     ecx, [crowd_timeouts]
        xor     esi, esi
        xor     edi, edi
        int     0x30
        jmp     crowd_sleep

; Use the floating-point unit, segments and a breakpoint of its own, then send.
label crowd_own_much
        fninit
        fld1
        lea     eax, [crowd_descriptors]
        lgdt    [eax]
        lea     eax, [crowd_own_much]
        mov     dr0, eax

; Send to crowd_target, then receive for ever.
label crowd_send
        xor     eax, eax
.with_descriptor:
        mov     esi, [crowd_target]
        mov     edi, [crowd_target + 4]
        mov     ecx, [crowd_timeouts]
        mov     ebp, -1
        int     0x30
.rest:
        mov     eax, -1
        xor     ebp, ebp
        xor     ecx, ecx
        xor     esi, esi
        xor     edi, edi
        int     0x30
        jmp     .rest

; The same in the name of the thread whose id lies at ESP.
label crowd_deceive
        mov     eax, 1
        jmp     crowd_send.with_descriptor

; Receive whatever is mapped to crowd_window, from anybody, for ever.
label crowd_collect
        mov     eax, -1
        mov     ebp, [crowd_window]
        xor     ecx, ecx
        int     0x30
        jmp     crowd_collect

        section .data
        alignb  4
label crowd_timeouts
        dd      0
label crowd_target
        dd      0, 0
label crowd_window
        dd      0
crowd_descriptors:
        dw      3 * 8 - 1
        dd      .table
        dw      0
.table:
        dq      0x00CFF2000000FFFF              ; flat, but for the last GB
        dq      0x00CFF2000000FFFF
        dq      0x00CFF2000000FFFF
