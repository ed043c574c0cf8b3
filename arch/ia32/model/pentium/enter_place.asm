; SPDX-License-Identifier: BSD-2-Clause
; To a place from another one, if one of them is small: for all fast paths. From 4 MB to 4 MB ipc
; has this in itself (ipc_fast.asm).
;
;   in   ECX  where the other one is (machine/place.hpp), not special and not where the running
;             thread is
;
; FS and GS become null: what they hold was loaded from the old descriptors. DS and ES are left to
; the caller. Changes ECX.
%include "macros.inc"
%include "tcb.inc"

extern gdt
global enter_place
%define CODE_DESCRIPTOR gdt + USER_CODE_ENTRY
%define DATA_DESCRIPTOR gdt + USER_DATA_ENTRY

        section .text                           ; no room in the hot page
        align   16
enter_place:
        test    ecx, ecx
        jns     .large
        mov     dword [ss:DATA_DESCRIPTOR], SMALL_DATA_LOW
        mov     dword [ss:CODE_DESCRIPTOR], SMALL_DATA_LOW
        mov     [ss:DATA_DESCRIPTOR + 4], ecx
        add     ecx, CODE_LESS_DATA
        mov     [ss:CODE_DESCRIPTOR + 4], ecx
.empty_segments:
        xor     ecx, ecx
        mov     fs, ecx
        mov     gs, ecx
        ret

.large:
        mov     dword [ss:DATA_DESCRIPTOR], FLAT_DATA_LOW
        mov     dword [ss:CODE_DESCRIPTOR], FLAT_DATA_LOW
        mov     dword [ss:DATA_DESCRIPTOR + 4], FLAT_DATA_HIGH
        mov     dword [ss:CODE_DESCRIPTOR + 4], FLAT_DATA_HIGH + CODE_LESS_DATA
        push    eax
        mov     eax, cr3
        cmp     eax, ecx                        ; the one that was loaded all the time?
        pop     eax
        je      .empty_segments
        mov     cr3, ecx
        jmp     .empty_segments
