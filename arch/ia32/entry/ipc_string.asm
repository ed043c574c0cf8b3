; SPDX-License-Identifier: BSD-2-Clause
; The message in memory of ipc_memory.asm, with one string: of one part, for a buffer of one part in
; which it has room.
;
; The receiver learns the string's size when all has been copied, so this, too, can be given up
; anywhere until then: the complete path finds both messages as they were, and copies once more.
; That is why it is not for very long strings.
;
; Entered when both messages are seen, with
;
;   EDX the sender's send dope, EAX the receiver's size dope, ESI and EDI the messages as seen
%include "macros.inc"
%include "tcb.inc"
%include "copy.inc"

extern ipc_memory.as_at_entry, ipc_memory.transferred, interrupt_window, scheduler_switches
global ipc_string, ipc_string.touches_users, ipc_string.touches_users_end

%define refuse          ipc_memory.as_at_entry

; Words of the ipc in progress that nobody else needs yet.
%define RESULT          own (IPC_DOPE)
%define STRING_DOPE     own (IPC_PARTNER_LOW)   ; the receiver's, as seen; bit 0: not any more
%define BUFFER          own (IPC_PARTNER_HIGH)  ; the receiver's address

        section .text
        align   16
; A page fault in here continues at ipc_memory.as_at_entry: exception.cpp.
ipc_string:
.touches_users:
        mov     ecx, edx
        mov     ebx, eax
        and     ecx, DOPE_STRINGS
        and     ebx, DOPE_STRINGS
        cmp     ecx, DOPE_ONE_STRING
        jne     refuse
        cmp     ebx, ecx
        jne     refuse
        shr     edx, DOPE_DWORDS_SHIFT
        shr     eax, DOPE_DWORDS_SHIFT
        mov     ebx, [ss:esi + HEADER_SIZE]
        cmp     edx, eax
        ja      refuse                          ; to be cut
        shr     ebx, DOPE_DWORDS_SHIFT
        cmp     eax, STRING_MESSAGE_DWORDS
        ja      refuse
        cmp     ebx, STRING_MESSAGE_DWORDS
        ja      refuse
        lea     ebx, [esi + ebx * WORD_SIZE + HEADER_WORDS]
        lea     eax, [edi + eax * WORD_SIZE + HEADER_WORDS]
        mov     [STRING_DOPE], eax
        mov     ecx, edx
        shl     edx, DOPE_DWORDS_SHIFT
        or      edx, DOPE_ONE_STRING
        sub     ecx, byte REGISTER_DWORDS
        jb      refuse
        mov     [RESULT], edx
        mov     edx, KERNEL_DATA
        mov     es, edx
        add     esi, byte SIZE_OF_HEADER
        add     edi, byte SIZE_OF_HEADER
        cld
        ss rep movsd
        mov     ecx, [ss:eax + STRING_RECEIVE_SIZE]
        mov     edi, [ss:eax + STRING_RECEIVE_ADDRESS]
        mov     eax, [ss:ebx + STRING_SEND_SIZE]
        mov     esi, [ss:ebx + STRING_SEND_ADDRESS]
        cmp     eax, LONGEST_STRING
        ja      refuse                          ; or not the first of its parts
        test    ecx, ecx
        js      refuse                          ; not the first of its parts
        cmp     eax, ecx
        ja      refuse                          ; to be cut, or continued elsewhere
        cmp     esi, MEMORY_MESSAGE_LIMIT
        jae     refuse
        cmp     edi, MEMORY_MESSAGE_LIMIT
        jae     refuse
        mov     [BUFFER], edi
        see_string own, esi, refuse
        see_buffer edi, .seen, refuse

        ; In the copy window, as the message?
        mov     edx, [other (IPC_RECEIVE)]
        and     edx, ~(SUPERPAGE_SIZE - 1)
        sub     edi, edx
        cmp     edi, COPY_WINDOW_SIZE - LONGEST_STRING
        ja      .elsewhere
        add     edi, COPY_WINDOW_BEGIN
.seen:
        mov     edx, eax
        shr     edx, WORD_BITS                  ; words to be copied
.next:
        mov     ecx, CHUNK
        cmp     edx, ecx
        ja      .chunk
        mov     ecx, edx
        copy_words edx
        mov     ecx, eax
        and     ecx, byte WORD_SIZE - 1
        ss rep movsb
        mov     edi, [STRING_DOPE]
        mov     ecx, [BUFFER]
        test    edi, 1
        jnz     .not_seen
.report:
        mov     [ss:edi + STRING_SEND_SIZE], eax
        mov     [ss:edi + STRING_SEND_ADDRESS], ecx
        mov     eax, [RESULT]
        jmp     ipc_memory.transferred

.chunk:
        sub     edx, ecx
        copy_words ebx
        jmp     .let_interrupts_in
.touches_users_end:

; If others run meanwhile, the window may show something else afterwards.
.let_interrupts_in:
        push    eax
        push    edx
        mov     ecx, [ss:scheduler_switches]
        call    interrupt_window
        pop     edx
        pop     eax
        cmp     ecx, [ss:scheduler_switches]
        jne     refuse
        cmp     dword [other (STATE)], STATE_WAITING
        je      .next
        cmp     dword [other (STATE)], STATE_WAITING_LIMITED
        je      .next
        jmp     refuse

.elsewhere:
        mov     edi, [BUFFER]
        or      byte [STRING_DOPE], 1
        call    show
        jmp     .seen

.not_seen:
        dec     edi
        push    edi
        mov     edi, [other (IPC_RECEIVE)]
        call    show
        pop     edi
        mov     ecx, [BUFFER]
        jmp     .report

; Show the receiver's 8 MB around the user's address in EDI.
;
;   out  EDI where it is seen
;
; Changes EBX, ECX and EDX.
show:
        mov     ecx, edi
        mov     edx, cr3
        shr     ecx, SUPERPAGE_BITS
        mov     ebx, [other (PLACE)]
        lea     ebx, [ebx + ecx * WORD_SIZE + WINDOW_BEGIN]
        mov     ecx, [ss:ebx]
        mov     ebx, [ss:ebx + WORD_SIZE]
        show_in_window edx, ecx, ebx
        and     edi, SUPERPAGE_SIZE - 1
        mov     cr3, edx
        add     edi, COPY_WINDOW_BEGIN
        ret
