; SPDX-License-Identifier: BSD-2-Clause
; Loops around single paths of the kernel: system calls, page faults, exceptions (paths.hpp).
;
; Markers as in loops.asm: `xchg cx, cx` before the instruction that enters the kernel,
; `xchg dx, dx` behind it. The empty loops are the same without that instruction.
;
; C++ interface: regparm (3), ebx esi edi ebp preserved.

%define marker_start    db 0x66, 0x87, 0xC9
%define marker_stop     db 0x66, 0x87, 0xD2

%macro function 1
        align   16
        global  %1
%1:
%endmacro

        section .bss
        alignb  4
turns_left:             resd 1
        global  bench_registers
bench_registers:        resd 7                  ; eax ecx edx ebx ebp esi edi
        global  bench_pager_distance
bench_pager_distance:   resd 1

        section .text

; System calls. All registers are loaded anew: a call may return something in each.
; %1 name; %2 the instruction, or nothing
%macro system_call_loop 1-2+
function %1
        push    ebx
        push    esi
        push    edi
        push    ebp
        mov     [turns_left], eax
%%turn:
        mov     eax, [bench_registers]
        mov     ecx, [bench_registers + 4]
        mov     edx, [bench_registers + 8]
        mov     ebx, [bench_registers + 12]
        mov     ebp, [bench_registers + 16]
        mov     esi, [bench_registers + 20]
        mov     edi, [bench_registers + 24]
        marker_start
        %2
        marker_stop
        dec     dword [turns_left]
        jnz     %%turn
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        ret
%endmacro

system_call_loop bench_empty_system_call
system_call_loop bench_id_nearest, int 0x31
system_call_loop bench_fpage_unmap, int 0x32
system_call_loop bench_thread_switch, int 0x33
system_call_loop bench_thread_schedule, int 0x34
system_call_loop bench_lthread_ex_regs, int 0x35

; void bench_touch (Address begin, Word pages)
function bench_touch
        mov     ecx, edx
.next:
        marker_start
        mov     edx, [eax]
        marker_stop
        add     eax, 4096
        dec     ecx
        jnz     .next
        ret

; void bench_page (void*): never returns
; A fault's words come in edx (address and kind) and ebx, and in edx the place goes back.
function bench_page
        mov     eax, -1                         ; no send
        mov     ebp, 1                          ; from anyone, registers only
        xor     ecx, ecx                        ; no timeouts
        int     0x30
.next:
        and     edx, ~0xFFF
        mov     ebx, [bench_pager_distance]
        add     ebx, edx
        mov     eax, 2                          ; an fpage
        mov     ebp, 1
        xor     ecx, ecx
        int     0x30
        jmp     .next

; Exceptions. Each is an instruction of two bytes.
%macro exception_loop 1-2+
function %1
.turn:
        marker_start
        %2
        marker_stop
        dec     eax
        jnz     .turn
        ret
%endmacro

exception_loop bench_raise_nothing
exception_loop bench_raise_int_40h, int 0x40
exception_loop bench_raise_privileged, clts
exception_loop bench_raise_undefined, ud2

function bench_skip_with_code
        add     esp, byte 4
        add     dword [esp], byte 2
        iretd

function bench_skip_without_code
        add     dword [esp], byte 2
        iretd

; void bench_load_exception_table (l4::PseudoDescriptor const&)
function bench_load_exception_table
        lidt    [eax]
        ret

; void bench_wait_forever ()
function bench_wait_forever
        mov     eax, -1                         ; no send
        mov     ebp, 1                          ; from anyone
        xor     ecx, ecx                        ; no timeouts
        int     0x30
        jmp     bench_wait_forever

        section .note.GNU-stack noalloc noexec nowrite progbits
