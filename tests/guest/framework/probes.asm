; SPDX-License-Identifier: BSD-2-Clause
; Code whose every register and every instruction's address matters: what C++ cannot say.
;
; C++ interface: regparm (3). probes.hpp declares everything here.

%macro function 1
        align   16
        global  %1
%1:
%endmacro

%macro label 1
        global  %1
%1:
%endmacro

; guest::RegisterImage, field by field
struc image
.eax    resd    1
.ecx    resd    1
.edx    resd    1
.ebx    resd    1
.ebp    resd    1
.esi    resd    1
.edi    resd    1
.eflags resd    1
.esp    resd    1
.cs     resd    1
.ds     resd    1
.es     resd    1
.fs     resd    1
.gs     resd    1
.ss     resd    1
.moved  resd    1
endstruc

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

; Registers and flags from the image at eax. Uses the stack, leaves it balanced.
%macro load_image 0
        mov     ecx, [eax + image.ecx]
        mov     edx, [eax + image.edx]
        mov     ebx, [eax + image.ebx]
        mov     ebp, [eax + image.ebp]
        mov     esi, [eax + image.esi]
        mov     edi, [eax + image.edi]
        push    dword [eax + image.eflags]
        mov     eax, [eax + image.eax]
        popfd
%endmacro

; All registers and flags to the image whose address lies at [esp]. `moved` becomes the difference
; of ESP to what it held before. Leaves eax = that address.
%macro store_image 0
        pushfd
        cld
        push    eax
        mov     eax, [esp + 8]
        mov     [eax + image.ecx], ecx
        mov     [eax + image.edx], edx
        mov     [eax + image.ebx], ebx
        mov     [eax + image.ebp], ebp
        mov     [eax + image.esi], esi
        mov     [eax + image.edi], edi
        pop     dword [eax + image.eax]
        pop     dword [eax + image.eflags]
        mov     [eax + image.esp], esp
        sub     [eax + image.moved], esp
        xor     ecx, ecx
%assign i 0
%rep 6
        %substr name "csdsesfsgsss" i * 2 + 1, 2
        %deftok register name
        mov     cx, register
        mov     [eax + image.cs + 4 * i], ecx
%assign i i + 1
%endrep
%endmacro

        section .text

; void guest_raw_call_NN (RegisterImage const* in, RegisterImage* out)
%assign vector 0x30
%rep 7
        %defstr number vector
function_%+vector:
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        load_image
        int     vector
        store_image
        add     esp, 4
        popfd
        restore_registers
        ret
%assign vector vector + 1
%endrep

; void guest_deceiving_ipc (RegisterImage const* in, RegisterImage* out, ThreadId const* source)
; ipc with the virtual source where the kernel looks for it, at ESP.
function guest_deceiving_ipc
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        push    dword [ecx + 4]
        push    dword [ecx]
        load_image
        int     0x30
        lea     esp, [esp + 8]
        store_image
        add     esp, 4
        popfd
        restore_registers
        ret

; Word guest_deceive_at (RegisterImage const* in, Address esp)
; ipc with any ESP at all. One thread at a time: the real one is kept in a variable.
function guest_deceive_at
        save_registers
        pushfd
        mov     [real_esp], esp
        push    edx
        load_image
        pop     esp
label guest_deceive_at_instruction
        int     0x30
        mov     esp, [real_esp]
        popfd
        restore_registers
        ret

; The seven, in the order of their vectors.
        section .rodata
        align   4
label guest_raw_calls
%assign vector 0x30
%rep 7
        dd      function_%+vector
%assign vector vector + 1
%endrep

        section .text

%macro call_spin 0
%%again:
        dec     ecx
        jnz     %%again
%endmacro

; Everything from an image, DS, ES, FS, GS and SS among it, with ESP as it was and nothing that
; needs DS or SS between the load and the instruction at hand; then flat segments again for what
; follows. FS and GS are stored as they are found.
%macro with_segments 1+
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        mov     es, [eax + image.es]
        mov     fs, [eax + image.fs]
        mov     gs, [eax + image.gs]
        push    dword [eax + image.ss]
        push    dword [eax + image.ds]
        load_image
        pop     ds
        pop     ss
        %1
        mov     ss, [cs:flat_selector]
        mov     ds, [cs:flat_selector]
        mov     es, [cs:flat_selector]
        store_image
        mov     fs, [flat_selector]
        mov     gs, [flat_selector]
        add     esp, 4
        popfd
        restore_registers
        ret
%endmacro

flat_selector:
        dd      0x23

; void guest_segment_call_NN (RegisterImage const* in, RegisterImage* out)
%assign vector 0x30
%rep 7
        %defstr number vector
segment_function_%+vector:
        with_segments int vector
%assign vector vector + 1
%endrep

        section .rodata
        align   4
label guest_segment_calls
%assign vector 0x30
%rep 7
        dd      segment_function_%+vector
%assign vector vector + 1
%endrep

        section .text

; void guest_segment_spin (RegisterImage const* in, RegisterImage* out): counts ECX down
function guest_segment_spin
        with_segments call_spin

; void guest_segment_read (RegisterImage const* in, RegisterImage* out): EAX = code segment's [ESI]
function guest_segment_read
        with_segments mov eax, [cs:esi]

; void guest_call_without_segments (RegisterImage const* in, RegisterImage* out)
; id_nearest with DS, ES, FS and GS null. DS and ES are reloaded before `out` is written.
function guest_call_without_segments
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        load_image
        push    eax
        xor     eax, eax
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        pop     eax
        int     0x31
        push    eax
        mov     ax, ss
        mov     ds, ax
        mov     es, ax
        pop     eax
        store_image
        add     esp, 4
        popfd
        restore_registers
        ret

; void guest_ipc_with_selector (RegisterImage const* in, RegisterImage* out, Word selector)
; ipc with `selector` in DS and ES, which are reloaded before `out` is written.
function guest_ipc_with_selector
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        push    ecx
        load_image
        xchg    eax, [ss:esp]
        mov     ds, ax
        mov     es, ax
        pop     eax
        int     0x30
        push    eax
        mov     ax, ss
        mov     ds, ax
        mov     es, ax
        pop     eax
        store_image
        add     esp, 4
        popfd
        restore_registers
        ret

; Word guest_read (Address)
function guest_read
label guest_read_instruction
        mov     eax, [eax]
        ret

; void guest_write (Address, Word)
function guest_write
label guest_write_instruction
        mov     [eax], edx
        ret

; void guest_jump (Address)
function guest_jump
        jmp     eax

; void guest_read_with_registers (RegisterImage const* in, RegisterImage* out)
; Reads the word at in->esi by an instruction that changes no register and no flag.
function guest_read_with_registers
        save_registers
        pushfd
        push    edx
        mov     [edx + image.moved], esp
        load_image
label guest_registers_instruction
        push    dword [esi]
        lea     esp, [esp + 4]
        store_image
        add     esp, 4
        popfd
        restore_registers
        ret

; Word guest_in_byte_80 ()
function guest_in_byte_80
        xor     eax, eax
label guest_in_byte_80_instruction
        in      al, 0x80
        ret

; Word guest_in_dword (Word port), guest_in_word, guest_in_byte
function guest_in_dword
        mov     edx, eax
label guest_in_dword_instruction
        in      eax, dx
        ret
function guest_in_word
        mov     edx, eax
        xor     eax, eax
label guest_in_word_instruction
        in      ax, dx
        ret
function guest_in_byte
        mov     edx, eax
        xor     eax, eax
label guest_in_byte_instruction
        in      al, dx
        ret

; void guest_clear_interrupts (): cli, sti
function guest_clear_interrupts
label guest_cli_instruction
        cli
        sti
        ret

; The entries below are for threads that lthread_ex_regs or task_new starts: no arguments, no
; return. They tell what they see through guest_seen.

; Every register as it is, then park. Needs eight bytes of stack.
label guest_report_registers
        push    dword guest_seen
        store_image
        mov     dword [guest_reports], 1
        ; fall through

; Sleep forever, whatever the registers hold and without a stack.
label guest_park_forever
        mov     eax, -1
        xor     ebp, ebp
        xor     ecx, ecx
        xor     esi, esi
        xor     edi, edi
        int     0x30
        jmp     guest_park_forever

; Wait for anybody, forever.
label guest_open_wait
        mov     eax, -1
        mov     ebp, 1
        xor     ecx, ecx
        int     0x30
label guest_behind_open_wait
        jmp     guest_report_registers

; Send guest_message to guest_partner, forever.
label guest_send_to_partner
        mov     esi, [guest_partner]
        mov     edi, [guest_partner + 4]
        mov     eax, [guest_message]
        mov     ebp, -1
        xor     ecx, ecx
        int     0x30
label guest_behind_send
        jmp     guest_report_registers

; Count in guest_count forever, with a value of its own in every register.
label guest_busy
        mov     eax, 0x11111111
        mov     ecx, 0x22222222
        mov     edx, 0x33333333
        mov     ebx, 0x44444444
        mov     ebp, 0x55555555
        mov     esi, 0x66666666
        mov     edi, 0x77777777
label guest_busy_loop
        inc     dword [guest_count]
        jmp     guest_busy_loop
label guest_busy_end

; Read the word at guest_address with the same values in the registers.
label guest_read_busily
        mov     eax, 0x11111111
        mov     ecx, 0x22222222
        mov     edx, 0x33333333
        mov     ebx, 0x44444444
        mov     ebp, 0x55555555
        mov     esi, [guest_address]
        mov     edi, 0x77777777
label guest_read_busily_instruction
        push    dword [esi]
        lea     esp, [esp + 4]
        jmp     guest_report_registers

; Exchange ESP, EIP of this very thread. The call returns at guest_report_registers.
label guest_exchange_itself
        mov     eax, [guest_lthread]
        mov     ecx, [guest_stack]
        mov     edx, guest_report_registers
        mov     ebx, -1
        mov     ebp, -1
        mov     esi, -1
        mov     edi, -1
        int     0x35
label guest_behind_exchange
        jmp     guest_park_forever

        section .bss
        alignb  4
label guest_seen
        resb    image_size
label guest_reports
        resd    1
label guest_partner
        resd    2
label guest_message
        resd    1
label guest_count
        resd    1
label guest_address
        resd    1
label guest_lthread
        resd    1
label guest_stack
        resd    1
real_esp:
        resd    1

        section .note.GNU-stack noalloc noexec nowrite progbits
