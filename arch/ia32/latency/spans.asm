; SPDX-License-Identifier: BSD-2-Clause
; The latency image: how long interrupts are off.
;
; A span begins at a gate or behind a window (machine::let_interrupts_in) and ends at the next IRET
; that lets interrupts in, or at the next window. Threads may be switched within it: it belongs to
; the vector by which it began, or by which the thread came in that had the window. The longest
; span of each vector is kept, with the places where it began and ended.
;
; What is counted is the time-stamp counter, which QEMU advances by one for each instruction
; (-icount shift=0), and for each turn of a REP. The instructions of this file are taken out.
;
; User programs read the table, and clear it, by INT REPORT_VECTOR, which is the kernel's without
; the key:
;   in   ecx REPORT_KEY, eax row: a vector, or START_UP
;   out  eax longest span, ecx spans, edx where it began (0: at the gate), ebx where it ended
%include "macros.inc"

%define ROW_LONGEST 0
%define ROW_SPANS   4
%define ROW_BEGIN   8
%define ROW_END     12
%define ROW_SIZE    16
%define VECTORS     256
%define START_UP    VECTORS             ; from kernel_main to the idle loop
%define REPORT_VECTOR 0FEh
%define REPORT_KEY    4E415053h         ; "SPAN"
%define EFLAGS_INTERRUPTS 200h

; Instructions of this file within a span, from reading the counter on or up to it.
%define OPENING     11                  ; the rest of a stub, when it opens a span
%define NESTING     17                  ; an exception within a span: its stub, and its return
%define RETURNING   2
%define REOPENING   3                   ; the rest of latency_window, less the CLI

global latency_return, latency_report, latency_stubs, latency_entries
global latency_window, __wrap_interrupt_window
global latency_record, latency_begin_start_up, latency_end_start_up

        section .bss
        alignb  4
rows:
        resb    (VECTORS + 1) * ROW_SIZE
latency_entries:                        ; the kernel's own, by vector
        resd    VECTORS
span_is_open:
        resd    1
span_begin:                             ; time
        resd    1
span_row:
        resd    1
span_place:
        resd    1

; Segment registers may be the user's in these; SS is the kernel's.
%macro stub 1
        section .text
%%stub:
        push    eax
        push    edx
        rdtsc
        cmp     dword [ss:span_is_open], 0
        jne     %%nested
        add     eax, OPENING
        mov     [ss:span_begin], eax
        mov     dword [ss:span_row], rows + %1 * ROW_SIZE
        mov     dword [ss:span_place], 0
        mov     dword [ss:span_is_open], 1
        pop     edx
        pop     eax
        jmp     [ss:latency_entries + 4 * %1]
%%nested:
        add     dword [ss:span_begin], NESTING
        pop     edx
        pop     eax
        jmp     [ss:latency_entries + 4 * %1]
        section .rodata
        dd      %%stub
%endmacro

        section .rodata
latency_stubs:
%assign number 0
%rep VECTORS
        stub    number
    %assign number number + 1
%endrep

        section .text
; What the kernel jumps to instead of IRETD.
latency_return:
        push    eax
        push    edx
        rdtsc
        test    dword [esp + 16], EFLAGS_INTERRUPTS
        jz      .stays_off
        cmp     dword [ss:span_is_open], 0
        je      .stays_off
        sub     eax, RETURNING
        mov     edx, [esp + 8]
        call    close_span
.stays_off:
        pop     edx
        pop     eax
        iretd

; eax time, edx place. Changes eax.
close_span:
        push    ecx
        mov     ecx, [ss:span_row]
        sub     eax, [ss:span_begin]
        inc     dword [ss:ecx + ROW_SPANS]
        cmp     eax, [ss:ecx + ROW_LONGEST]
        jle     close_span.done
latency_record:                         ; a breakpoint here shows how long spans end
        mov     [ss:ecx + ROW_LONGEST], eax
        mov     [ss:ecx + ROW_END], edx
        mov     eax, [ss:span_place]
        mov     [ss:ecx + ROW_BEGIN], eax
close_span.done:
        mov     dword [ss:span_is_open], 0
        pop     ecx
        ret

; void latency_window ()
;   The call stands for STI.
latency_window:
__wrap_interrupt_window:
        rdtsc
        mov     edx, [esp]
        push    dword [span_row]
        call    close_span
        sti
        nop
        cli
        pop     dword [span_row]
        mov     eax, [esp]
        mov     [span_place], eax
        mov     dword [span_is_open], 1
        rdtsc
        add     eax, REOPENING
        mov     [span_begin], eax
        ret

; void latency_begin_start_up (), void latency_end_start_up ()
latency_begin_start_up:
        mov     dword [span_row], rows + START_UP * ROW_SIZE
        mov     dword [span_is_open], 1
        rdtsc
        mov     [span_begin], eax
        ret

latency_end_start_up:
        rdtsc
        xor     edx, edx
        jmp     close_span

latency_report:
        cmp     ecx, REPORT_KEY
        jne     .kernels
        cmp     eax, START_UP
        ja      .no_row
        shl     eax, 4
        mov     ecx, [ss:rows + eax + ROW_SPANS]
        mov     edx, [ss:rows + eax + ROW_BEGIN]
        mov     ebx, [ss:rows + eax + ROW_END]
        push    dword [ss:rows + eax + ROW_LONGEST]
        mov     dword [ss:rows + eax + ROW_LONGEST], 0
        mov     dword [ss:rows + eax + ROW_SPANS], 0
        pop     eax
        iretd
.kernels:
        jmp     [ss:latency_stubs + 4 * REPORT_VECTOR]
.no_row:
        or      eax, -1
        iretd
