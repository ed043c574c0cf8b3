; SPDX-License-Identifier: BSD-2-Clause
; Copy user memory.
;
;   Word copy_user_bytes (Address destination, Address source, Word size)
;     eax destination   edx source   ecx size
;     returns the bytes not copied: 0, or the rest after a page fault, which the exception
;     handler notes and turns into a jump to copy_user_fault. Every such fault comes from one
;     of the two instructions marked below; ECX, ESI and EDI then say how far the copy got.
%include "macros.inc"

global copy_user_bytes, copy_user_words_at, copy_user_rest_at, copy_user_fault

        section .text
copy_user_bytes:
        push    esi
        push    edi
        mov     edi, eax
        mov     esi, edx
        mov     edx, ecx
        shr     ecx, 2                  ; words
        and     edx, byte WORD_SIZE - 1
copy_user_words_at:
        rep movsd
        mov     ecx, edx
        xor     edx, edx
copy_user_rest_at:
        rep movsb
        xor     eax, eax
        pop     edi
        pop     esi
        ret

        ; ecx is what the faulting instruction had left: words with edx bytes to come, or bytes.
        ; The handler has told the two apart in eax: 0 = words, 1 = bytes.
copy_user_fault:
        test    eax, eax
        jnz     .bytes
        lea     ecx, [edx + ecx * WORD_SIZE]
.bytes:
        mov     eax, ecx
        pop     edi
        pop     esi
        ret
