; SPDX-License-Identifier: BSD-2-Clause
; Handlers for all 32 exceptions, and the execution of code that raises them (exceptions.hpp).

GATES           equ     32
; Exceptions whose frame has an error code.
WITH_CODE       equ     (1 << 8) | (11111b << 10) | (1 << 17)
STUB_SIZE       equ     16

%macro label 1
        global  %1
%1:
%endmacro

        extern  guest_on_exception

        section .text

; void guest_load_exception_table (l4::PseudoDescriptor const*), guest_load_descriptors
label guest_load_exception_table
label guest_lidt_instruction
        lidt    [eax]
        ret
label guest_load_descriptors
label guest_lgdt_instruction
        lgdt    [eax]
        ret

; One stub per exception, STUB_SIZE apart. They leave one form of the frame: guest::ExceptionFrame.
        align   STUB_SIZE
label guest_exception_stubs
%assign vector 0
%rep GATES
    %if ((WITH_CODE >> vector) & 1) == 0
        push    byte 0
    %endif
        push    byte vector
        jmp     every_exception
        align   STUB_SIZE
    %assign vector vector + 1
%endrep

every_exception:
        pushad
        mov     eax, esp
        cld
        call    guest_on_exception              ; may change the frame
        popad
        add     esp, byte 8
        iretd

; void guest_run_code (): jump to guest_code with guest_esp (0: the own stack), guest_eflags, and
; a value of its own in every general register; the code jumps to guest_code_end through
; guest_back. What the registers hold then is stored in guest_registers.
label guest_run_code
        push    ebx
        push    esi
        push    edi
        push    ebp
        pushfd
        mov     [saved_esp], esp
        mov     ebx, [guest_esp]
        test    ebx, ebx
        jz      .own_stack
        mov     esp, ebx
.own_stack:
        mov     [guest_esp_before], esp
        mov     eax, [guest_eax]
        mov     ecx, 0x22222222
        mov     edx, 0x33333333
        mov     ebx, 0x44444444
        mov     ebp, 0x55555555
        mov     esi, 0x66666666
        mov     edi, 0x77777777
        jmp     [guest_code]

label guest_code_end
        mov     [guest_registers], edi
        mov     [guest_registers + 4], esi
        mov     [guest_registers + 8], ebp
        mov     [guest_registers + 12], esp
        mov     [guest_registers + 16], ebx
        mov     [guest_registers + 20], edx
        mov     [guest_registers + 24], ecx
        mov     [guest_registers + 28], eax
        mov     esp, [saved_esp]
        pushfd
        pop     dword [guest_eflags_after]
        popfd
        pop     ebp
        pop     edi
        pop     esi
        pop     ebx
        mov     dword [guest_code_ended], 1
        ret

        section .data
        align   4
label guest_back
        dd      guest_code_end

        section .bss
        alignb  4
label guest_code
        resd    1
label guest_esp
        resd    1
label guest_eax
        resd    1
label guest_esp_before
        resd    1
label guest_registers
        resd    8
label guest_eflags_after
        resd    1
label guest_code_ended
        resd    1
saved_esp:
        resd    1

        section .note.GNU-stack noalloc noexec nowrite progbits
