; SPDX-License-Identifier: BSD-2-Clause
; The measured loops.
;
; Two threads run the same loop: send two words to the other one and wait for its message (`call`).
; So one turn of both loops is two one-way IPCs, and each one-way IPC costs the user
;
;       xor     eax, eax                        ; send: registers only
;       xor     ebp, ebp                        ; receive: registers only, from the partner alone
;       xor     ecx, ecx                        ; no timeouts
;       int     30h
;
; Partner (esi:edi) and words (edx, ebx) come back in the registers in which they went, so a
; binding cannot do with fewer instructions. These four and the kernel's are what is reported.
; Counting turns and marking is taken out by the empty loop, which does only that: its markers,
; `dec`, `jnz` and the code around are the same, instruction for instruction.
;
; Markers for a cycle model, no operations for everybody else: `xchg cx, cx` before the trap,
; `xchg dx, dx` behind it, where the partner comes back. Between them lie `int` and kernel. A whole
; turn lasts from one `xchg bx, bx` to the next.
;
; C++ interface: regparm (3), results in edx:eax, ebx esi edi ebp preserved.

%define marker_start    db 0x66, 0x87, 0xC9
%define marker_stop     db 0x66, 0x87, 0xD2

%macro function 1
        align   16
        global  %1
%1:
%endmacro

%macro save_registers 0
        push    ebx
        push    esi
        push    edi
        push    ebp
%endmacro

%macro restore_registers 0
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
%endmacro

%macro one_way_ipc 0
        xor     eax, eax
        xor     ebp, ebp
        xor     ecx, ecx
        marker_start
        int     0x30
        marker_stop
%endmacro

; The same with descriptors and timeouts from memory: those of %1.
%macro one_way_message 1
        mov     eax, [%1]
        mov     ebp, [%1 + 4]
        mov     ecx, [%1 + 8]
        marker_start
        int     0x30
        marker_stop
%endmacro

%macro nothing 0
        marker_start
        marker_stop
%endmacro

; %1 turns of %2, counted down in %1; leaves the time stamp counter's advance in edx:eax.
%macro counted_turns 2
        rdtsc
        push    edx
        push    eax
%%turn:
        %2
        dec     dword [%1]
        jnz     %%turn
        rdtsc
        sub     eax, [esp]
        sbb     edx, [esp + 4]
        add     esp, 8
%endmacro

; The same without the counter, for processors that have none.
%macro turns 2
%%turn:
        %2
        dec     dword [%1]
        jnz     %%turn
%endmacro

        section .bss
        alignb  4
        global  bench_client_turns
        global  bench_server_turns
bench_client_turns:     resd 1                  ; set by the caller; 0 afterwards
bench_server_turns:     resd 1                  ; counts down while the server serves
        global  bench_client_message
        global  bench_server_message
bench_client_message:   resd 3                  ; send, receive, timeouts: loops.hpp
bench_server_message:   resd 3

        section .text

; std::uint64_t bench_ipc_tsc (Word partner_low, Word partner_high)
function bench_ipc_tsc
        save_registers
        mov     esi, eax
        mov     edi, edx
        counted_turns bench_client_turns, one_way_ipc
        restore_registers
        ret

; std::uint64_t bench_empty_tsc (Word partner_low, Word partner_high)
function bench_empty_tsc
        save_registers
        mov     esi, eax
        mov     edi, edx
        counted_turns bench_client_turns, nothing
        restore_registers
        ret

; void bench_ipc (Word partner_low, Word partner_high)
function bench_ipc
        save_registers
        mov     esi, eax
        mov     edi, edx
        turns   bench_client_turns, one_way_ipc
        restore_registers
        ret

; void bench_empty (Word partner_low, Word partner_high)
function bench_empty
        save_registers
        mov     esi, eax
        mov     edi, edx
        turns   bench_client_turns, nothing
        restore_registers
        ret

; void bench_serve_ipc (Word client_low, Word client_high)
; Wait for the client's first message, then answer each with the wait for the next. Ends after
; bench_server_turns answers, that is never.
function bench_serve_ipc
        save_registers
        mov     esi, eax
        mov     edi, edx
        mov     eax, -1                         ; no send
        xor     ebp, ebp
        xor     ecx, ecx
        int     0x30
        turns   bench_server_turns, one_way_ipc
        restore_registers
        ret

; Latency of an interrupt. The keyboard answers its echo command and so raises line 1, in some
; emulators in the OUT itself. From there to the handler's first instruction, the stop marker, lie
; the vector, the kernel and nothing else.
KEYBOARD_DATA   equ 0x60
KEYBOARD_ECHO   equ 0xEE

%macro raise_line 0
        rdtsc
        mov     ecx, eax
        mov     al, KEYBOARD_ECHO
        marker_start
        out     KEYBOARD_DATA, al
%endmacro

        section .bss
        global  bench_interrupt_time
bench_interrupt_time:   resd 1                  ; time stamp at the handler's beginning
        section .text

; Word bench_raise_line_tsc (): the time stamp before
function bench_raise_line_tsc
        raise_line
        mov     eax, ecx
        ret

; Word bench_raise_nothing_tsc ()
; The advance of the time stamp counter if nobody handles the interrupt: to be taken off.
function bench_raise_nothing_tsc
        raise_line
        marker_stop
        rdtsc
        sub     eax, ecx
        ret

; void bench_handle_interrupts_tsc (Word interrupt_low): never returns
function bench_handle_interrupts_tsc
        mov     esi, eax
        xor     edi, edi
.next:
        mov     eax, -1                         ; no send
        xor     ebp, ebp                        ; from the line alone
        xor     ecx, ecx                        ; no timeouts
        int     0x30
        marker_stop
        rdtsc
        mov     [bench_interrupt_time], eax
        jmp     .next

; std::uint64_t bench_message_tsc (Word partner_low, Word partner_high)
; The same as bench_ipc_tsc with what bench_client_message says.
function bench_message_tsc
        save_registers
        mov     esi, eax
        mov     edi, edx
        counted_turns bench_client_turns, {one_way_message bench_client_message}
        restore_registers
        ret

; void bench_message (Word partner_low, Word partner_high)
function bench_message
        save_registers
        mov     esi, eax
        mov     edi, edx
        turns   bench_client_turns, {one_way_message bench_client_message}
        restore_registers
        ret

; void bench_serve_messages (Word client_low, Word client_high)
; Wait for the client's first message, then answer each with bench_server_message. Ends after
; bench_server_turns answers, that is never.
function bench_serve_messages
        save_registers
        mov     esi, eax
        mov     edi, edx
        mov     eax, -1                         ; no send
        mov     ebp, [bench_server_message + 4]
        xor     ecx, ecx
        int     0x30
        turns   bench_server_turns, {one_way_message bench_server_message}
        restore_registers
        ret

; The loops of a client that touches pages before each call, `bench_pages` of them. Each lies one
; cache line further in its page than the one before. The empty loop's turn is one of the client
; and one of the server.
PAGE_STEP       equ 4096 + 32

%define marker_turn     db 0x66, 0x87, 0xDB
%define marker_none     db 0x66, 0x87, 0xED     ; a no-operation in its place

        section .bss
        alignb  4
        global  bench_pages
        global  bench_pages_begin
bench_pages:            resd 1
bench_pages_begin:      resd 1
empty_server_turns:     resd 1
        section .text

%macro touch_pages 0
        mov     ecx, [bench_pages]
        jecxz   %%none
        mov     eax, [bench_pages_begin]
%%next:
        mov     edx, [eax]
        add     eax, PAGE_STEP
        dec     ecx
        jnz     %%next
%%none:
%endmacro

%macro rpc 0
        marker_turn
        touch_pages
        one_way_message bench_client_message
%endmacro

%macro empty_rpc 0
        marker_none
        touch_pages
        nothing
        dec     dword [empty_server_turns]
        jnz     %%second
%%second:
        nothing
%endmacro

; std::uint64_t bench_rpc_tsc (Word partner_low, Word partner_high)
function bench_rpc_tsc
        save_registers
        mov     esi, eax
        mov     edi, edx
        counted_turns bench_client_turns, rpc
        restore_registers
        ret

; std::uint64_t bench_empty_rpc_tsc (Word, Word)
function bench_empty_rpc_tsc
        save_registers
        mov     esi, eax
        mov     edi, edx
        counted_turns bench_client_turns, empty_rpc
        restore_registers
        ret

; void bench_rpc (Word partner_low, Word partner_high)
function bench_rpc
        save_registers
        mov     esi, eax
        mov     edi, edx
        turns   bench_client_turns, rpc
        restore_registers
        ret

; void bench_empty_rpc (Word, Word)
function bench_empty_rpc
        save_registers
        mov     esi, eax
        mov     edi, edx
        turns   bench_client_turns, empty_rpc
        restore_registers
        ret

; Word bench_known_instructions ()
; How far the time stamp counter advances over bench_known_count instructions, slow ones among
; them: by just that number if it counts instructions, by more if it counts clocks.
KNOWN_TURNS     equ 100
KNOWN_PER_TURN  equ 10
        global  bench_known_count
        section .rodata
        align   4
bench_known_count:      dd KNOWN_TURNS * KNOWN_PER_TURN + 3     ; mov, mov, and one rdtsc

        section .text
function bench_known_instructions
        save_registers
        rdtsc
        mov     esi, eax
        mov     edi, KNOWN_TURNS
.turn:
        mov     eax, 0x12345678                 ; 1
        mov     ebx, 0x0ABCDEF1                 ; 2
        mul     ebx                             ; 3
        mov     ecx, 0x7FFFFFFF                 ; 4
        div     ecx                             ; 5
        imul    eax, ebx                        ; 6
        rol     eax, 3                          ; 7
        add     ebx, eax                        ; 8
        dec     edi                             ; 9
        jnz     .turn                           ; 10
        rdtsc
        sub     eax, esi
        restore_registers
        ret

; std::uint64_t bench_counter_tsc ()
function bench_counter_tsc
        rdtsc
        ret

; void bench_read_tsc (): may fault
function bench_read_tsc
        rdtsc
        ret

        section .note.GNU-stack noalloc noexec nowrite progbits
