; SPDX-License-Identifier: BSD-2-Clause
; ipc with more than two words, to a thread that waits for it, and a wait for the next message:
;
;   a message in memory: words behind the two in registers, no mappings, into a buffer; with one
;   string by ipc_string.asm
;   a short fpage: one page of 4 KB into a window, where nothing is (core/map_page.cpp)
;
; The receiver's buffer is seen through the copy window: two entries of its page directory in the
; loaded one (SOSP'93, 5.2.3). What lies in a small space is seen there. Nothing of either thread is
; changed before all words have been copied, so whatever is not common, page faults among it, goes
; on by the complete path as if this had never begun: it finds the registers as at entry and copies
; the words once more.
;
; Entered from ipc_fast with all registers as at entry of ipc.
%include "macros.inc"
%include "tcb.inc"
%include "copy.inc"

extern interrupt_window, sys_ipc_entry, ipc_receive, ipc_string, limit_wait
extern scheduler_switches, map_page, resume_user
global ipc_memory, ipc_memory.iret, ipc_memory.as_at_entry, ipc_memory.transferred
global ipc_memory.touches_users, ipc_memory.touches_users_end

        section .hot.text progbits alloc exec nowrite align=32
        align   16
ipc_memory:
        cmp     eax, byte SEND_SHORT_FPAGE
        je      .begin
        test    al, SEND_FLAGS                  ; mapping, deceit, no send at all
        jnz     ipc_receive
        cmp     eax, MEMORY_MESSAGE_LIMIT
        jae     sys_ipc_entry
.begin:
        mov     [own (IPC_SEND)], eax
        mov     [own (IPC_TIMEOUTS)], ecx
        mov     [own (IPC_RECEIVE)], ebp
        mov     [own (IPC_W0)], edx
        mov     [own (IPC_W1)], ebx
        mov     [own (AWAITED_LOW)], esi
        mov     [own (AWAITED_HIGH)], edi
        test    cl, RECEIVE_TIME_LIMITED
        jnz     .limited
.unlimited:
        cmp     ebp, RECEIVE_LIMIT
        jae     .as_at_entry
        test    ebp, RECEIVE_OPEN
        jz      .closed
        cmp     dword [own (WAITERS)], byte 0
        jne     .as_at_entry
.closed:
        mov     ebp, esi
        and     ebp, TCB_INDEX_MASK
        cmp     [own (ID_HIGH)], edi            ; the same clan
        jne     .other_clan
.nearest:
        cmp     [other (ID_LOW)], esi
        jne     .as_at_entry
        cmp     [other (ID_HIGH)], edi
        jne     .as_at_entry
        cmp     dword [other (STATE)], STATE_WAITING
        jne     .not_just_waiting
.waits:
        require_accepting own, eax, .as_at_entry
        require_plain_places own, eax, .as_at_entry
        cmp     dword [own (IPC_SEND)], byte SEND_SHORT_FPAGE
        je      .short_fpage
        mov     edi, [other (IPC_RECEIVE)]
        test    edi, RECEIVE_WINDOW
        jnz     .as_at_entry
        and     edi, ~RECEIVE_FLAGS
        jz      .as_at_entry
        cmp     edi, MEMORY_MESSAGE_LIMIT
        jae     .as_at_entry
        mov     esi, [own (IPC_SEND)]
        see_messages .visible, .as_at_entry

        ; Show the receiver's 8 MB around the buffer.
        mov     ecx, edi
        shr     ecx, SUPERPAGE_BITS
        lea     ebx, [ebx + ecx * WORD_SIZE + WINDOW_BEGIN]
        mov     ecx, [ss:ebx]
        mov     ebx, [ss:ebx + WORD_SIZE]
        test    cl, PAGE_PRESENT
        jz      .as_at_entry
        show_in_window eax, ecx, ebx
        mov     cr3, eax
        and     edi, SUPERPAGE_SIZE - 1
        add     edi, COPY_WINDOW_BEGIN
.visible:

        ; From here to the end of this part a page fault continues at .as_at_entry: exception.cpp.
.touches_users:
        mov     edx, [ss:esi + HEADER_SEND]
        mov     eax, [ss:edi + HEADER_SIZE]
        test    edx, DOPE_STRINGS
        jnz     ipc_string
        shr     edx, DOPE_DWORDS_SHIFT
        shr     eax, DOPE_DWORDS_SHIFT
        cmp     edx, eax
        ja      .as_at_entry                    ; to be cut
        sub     edx, byte REGISTER_DWORDS
        jb      .as_at_entry
        cmp     edx, MEMORY_MESSAGE_WORDS
        ja      .as_at_entry
        mov     eax, KERNEL_DATA
        mov     es, eax
        add     esi, byte SIZE_OF_HEADER
        add     edi, byte SIZE_OF_HEADER
        mov     ecx, edx
        cld
        cmp     ecx, CHUNK
        ja      .in_chunks
.last_chunk:
        copy_words ebx
        jmp     .copied
.in_chunks:
        sub     edx, CHUNK
        mov     ecx, CHUNK
        copy_words ebx
        jmp     .let_interrupts_in
.touches_users_end:

;--- commit -------------------------------------------------------------------------------------
.copied:
        lea     eax, [edx + REGISTER_DWORDS]
        shl     eax, DOPE_DWORDS_SHIFT
.transferred:
        test    byte [own (IPC_RECEIVE)], RECEIVE_OPEN
        jz      .wait
        mov     dword [own (AWAITED_LOW)], AWAITED_ANYONE
.wait:
        mov     dword [own (STATE)], STATE_WAITING
        cmp     dword [other (STATE)], STATE_FAULTED
        je      .answer_fault
        mov     dword [other (STATE)], STATE_READY
        mov     edx, [own (IPC_W0)]
        mov     ebx, [own (IPC_W1)]
        mov     esi, [own (ID_LOW)]
        mov     edi, [own (ID_HIGH)]
        lea     ecx, [OTHER_STACK]
        mov     [ss:TSS_ESP0], ecx
        switch_space own, OTHER_STACK - PUSHED
        mov     ecx, USER_DATA
        mov     ds, ecx
        mov     es, ecx
.iret:                                          ; a fault here is the user's: a bad EIP
        iretd

; The two words name a page for the receiver's window.
.short_fpage:
        test    byte [other (IPC_RECEIVE)], RECEIVE_WINDOW
        jz      .as_at_entry
        mov     ecx, KERNEL_DATA
        mov     ds, ecx
        mov     es, ecx
        cld
        lea     eax, [own (BEGIN)]
        lea     edx, [other (BEGIN)]
        call    map_page
        test    eax, eax
        jz      .as_at_entry
        mov     eax, REGISTER_MESSAGE | DOPE_MAPPED
        jmp     .transferred

.not_just_waiting:
        cmp     dword [other (STATE)], STATE_WAITING_LIMITED
        je      .waits
        cmp     dword [other (STATE)], STATE_FAULTED
        jne     .as_at_entry
        cmp     dword [own (IPC_SEND)], byte SEND_SHORT_FPAGE
        je      .waits
        jmp     .as_at_entry

.other_clan:
        jump_if_chief_and_member own, .nearest
        jmp     .as_at_entry

; The rest has no room in the hot page.
        section .text
; The other side goes on where it faulted.
.answer_fault:
        mov     dword [other (STATE)], STATE_READY
        mov     byte [other (IN_KERNEL_RPC)], NO_RPC
        lea     ecx, [OTHER_STACK]
        mov     [ss:TSS_ESP0], ecx
        switch_space own, OTHER_STACK - FRAME_SIZE
        jmp     resume_user

; If others run meanwhile, the window may show something else afterwards.
.let_interrupts_in:
        mov     eax, KERNEL_DATA
        mov     ds, eax
        mov     ecx, [scheduler_switches]
        push    edx
        call    interrupt_window
        pop     edx
        cmp     ecx, [scheduler_switches]
        jne     .as_at_entry
        cmp     dword [other (STATE)], STATE_WAITING
        je      .still_waits
        cmp     dword [other (STATE)], STATE_WAITING_LIMITED
        jne     .as_at_entry
.still_waits:
        mov     ecx, edx
        add     edx, CHUNK
        jmp     .last_chunk

.as_at_entry:
        mov     ecx, USER_DATA
        mov     ds, ecx
        mov     es, ecx
        mov     eax, [own (IPC_SEND)]
        mov     ecx, [own (IPC_TIMEOUTS)]
        mov     ebp, [own (IPC_RECEIVE)]
        mov     edx, [own (IPC_W0)]
        mov     ebx, [own (IPC_W1)]
        mov     esi, [own (AWAITED_LOW)]
        mov     edi, [own (AWAITED_HIGH)]
        jmp     sys_ipc_entry

.limited:
        call    limit_wait
        jnc     .unlimited
        jmp     .as_at_entry
