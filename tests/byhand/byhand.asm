; SPDX-License-Identifier: BSD-2-Clause
; A program for an l4env task that knows Pecan by docs/abi.md alone: no header, no runtime, every
; register loaded by hand, ids put together as programs of the L4 environment do, text printed by
; `int3`. It makes all seven calls, then runs the same few instructions in two tasks of its own, a
; strict and an l4env one, and ends by the status that the root task's protocol has.
;
; What it knows of its surroundings: image at 00010000h; the root task's services are thread 4.1,
; where the words (3, status) end a program; the task numbers behind its own are its to create.
bits 32

CALL_IPC                equ     30h
CALL_ID_NEAREST         equ     31h
CALL_FPAGE_UNMAP        equ     32h
CALL_THREAD_SWITCH      equ     33h
CALL_THREAD_SCHEDULE    equ     34h
CALL_LTHREAD_EX_REGS    equ     35h
CALL_TASK_NEW           equ     36h

NONE                    equ     -1              ; nil descriptor, invalid id, "unchanged"
NEVER                   equ     0               ; timeouts
A_TENTH_OF_A_SECOND     equ     6400000Ah       ; to receive: 100 * 4^5 us
OPEN_WAIT               equ     1
MAP_ITEM                equ     2               ; m bit of the send descriptor
REGISTER_MESSAGE        equ     4000h           ; dope of two words
THREAD_1                equ     1 << 10         ; lthread field
TASK_1                  equ     1 << 17         ; task field
PAGE_READ_WRITE         equ     12 << 2 | 2
PAGE_MASK               equ     0FFFFF000h
STRICT_PROFILE          equ     100h            ; profile field of task_new
L4ENV_PROFILE           equ     200h
MCP                     equ     255
KIP_MAGIC               equ     4BE6344Ch
KIP_ADDRESS             equ     0BFFF2000h
IO_PRIVILEGE            equ     3000h
STATE_WAITING           equ     0Ch
STATE_SHUT_DOWN         equ     0Fh
SIGMA0                  equ     2 << 17
ALL_PORTS_WINDOW        equ     0F0000042h
ROOT_SERVICES           equ     4 << 17 | 1 << 10
ROOT_EXIT               equ     3

%macro print 1+
        int3
        jmp     short %%behind
        db      %1
%%behind:
%endmacro

; The condition that must hold (as in jcc), the sentence. Failures are counted.
%macro expect 2
        j%1     %%holds
        inc     dword [failures]
        print   "not "
%%holds:
        print   "ok "
        inc     dword [cases]
        mov     eax, [cases]
        int3
        cmp     al, 0Bh                         ; decimal
        print   " - ", %2, 10
%endmacro

global _start

        section .text
_start:
        mov     esp, stack_end
        print   "TAP version 13", 10, "1..17", 10

; id_nearest: nil is the caller. Its complete id tells the task's number.
        xor     esi, esi
        mov     edi, 0DEADBEEFh
        int     CALL_ID_NEAREST
        mov     [own_low], esi
        mov     [own_high], edi
        mov     ebx, esi
        and     ebx, 0FFE0000h
        mov     [own_task], ebx
        test    eax, eax
        expect  z, "id_nearest of nil is the caller"

; lock; nop: where the kernel info page is.
        db      0F0h, 90h
        mov     [kip], eax
        cmp     eax, KIP_ADDRESS
        expect  e, "lock; nop tells the address of the kernel info page"
        mov     ebx, [kip]
        cmp     dword [ebx], KIP_MAGIC
        expect  e, "the page has its magic"

; Privilege level 3 for ports and the interrupt flag.
        pushfd
        pop     eax
        and     eax, IO_PRIVILEGE
        cmp     eax, IO_PRIVILEGE
        expect  e, "the I/O privilege level is 3"
        cli
        pushfd
        sti
        pop     eax
        test    eax, 200h
        expect  z, "cli and sti are executed"

; lthread_ex_regs: a second thread, with this one's pager.
        mov     eax, 1
        mov     ecx, adder_stack_end
        mov     edx, adder
        mov     ebx, NONE
        mov     ebp, NONE
        mov     esi, NONE
        mov     edi, NONE
        int     CALL_LTHREAD_EX_REGS
        test    eax, eax
        expect  z, "lthread_ex_regs makes a thread"

; ipc: call it, by an id with nothing but task and thread, and garbage for the rest.
        mov     esi, [own_task]
        or      esi, THREAD_1 | 2AAh            ; a version that nobody has
        mov     edi, 12345678h                  ; a clan that nobody has
        xor     eax, eax
        xor     ebp, ebp
        mov     ecx, NEVER
        mov     edx, 40
        mov     ebx, 2
        int     CALL_IPC
        cmp     eax, REGISTER_MESSAGE
        expect  e, "ipc calls a thread whose id holds only task and thread"
        cmp     edx, 42
        expect  e, "the answer is the sum"

; thread_schedule: it waits again, for anybody.
        mov     eax, NONE
        mov     ebx, NONE
        mov     ebp, NONE
        mov     esi, [own_task]
        or      esi, THREAD_1
        xor     edi, edi
        int     CALL_THREAD_SCHEDULE
        shr     eax, 16
        and     eax, 0Fh
        cmp     eax, STATE_WAITING
        expect  e, "thread_schedule shows that it waits"

; thread_switch: it is blocked, so this is a thread_switch to anybody.
        mov     esi, [own_task]
        or      esi, THREAD_1
        int     CALL_THREAD_SWITCH
        jmp     short .switched
.switched:
        cmp     esp, stack_end
        expect  e, "thread_switch comes back"

; task_new, for a strict and an l4env task, and fpage_unmap in their pager.
        print   "# in a strict task:", 10
        mov     dword [profile], STRICT_PROFILE
        call    run_child
        cmp     dword [port_fault], 0F0080002h
        expect  e, "the strict task has a fault at port 80h"
        cmp     dword [answers], 1
        expect  e, "and is shut down by int3"
        mov     eax, [child_state]
        cmp     eax, STATE_SHUT_DOWN
        expect  e, "as thread_schedule shows"

        print   "# in an l4env task:", 10
        mov     dword [profile], L4ENV_PROFILE
        call    run_child
        cmp     dword [port_fault], 0
        expect  e, "the l4env task reads port 80h"
        cmp     dword [answers], 2
        expect  e, "and goes on behind int3"
        cmp     dword [flushed_faults], 1
        expect  e, "fpage_unmap takes a page: the next access faults"
        cmp     dword [deleted], 0
        expect  ne, "task_new deletes the task"

        print   "# "
        mov     eax, [cases]
        sub     eax, [failures]
        int3
        cmp     al, 0Bh
        print   " passed, "
        mov     eax, [failures]
        int3
        cmp     al, 0Bh
        print   " failed, 0 skipped", 10

        xor     eax, eax
        mov     ebp, NONE
        mov     ecx, NEVER
        mov     edx, ROOT_EXIT
        mov     ebx, [failures]
        mov     esi, ROOT_SERVICES
        xor     edi, edi
        int     CALL_IPC
        jmp     $

; Thread 1: answers every message by the sum of its words.
adder:
        mov     eax, NONE
.next:
        mov     ebp, OPEN_WAIT
        mov     ecx, NEVER
        int     CALL_IPC
        add     edx, ebx
        xor     eax, eax
        jmp     .next

; Create a task of the profile wanted, and be its pager and partner until it is done or silent.
; Its messages: (1, 0) is alive, (2, 0) is behind int3; w1 of a fault is not 0.
run_child:
        mov     dword [port_fault], 0
        mov     dword [answers], 0
        mov     dword [flushed_faults], 0
        mov     dword [unmapped], 0
        mov     eax, MCP
        or      eax, [profile]
        mov     ecx, child_stack_end
        mov     edx, child
        mov     ebx, [own_low]
        mov     ebp, [own_high]
        mov     esi, [own_task]
        add     esi, TASK_1
        xor     edi, edi
        int     CALL_TASK_NEW
        mov     [child_low], esi
        mov     [child_high], edi

        mov     eax, NONE                       ; wait first
.wait:
        xor     ebp, ebp                        ; from it alone
        mov     esi, [child_low]
        mov     edi, [child_high]
        mov     ecx, A_TENTH_OF_A_SECOND
        int     CALL_IPC
        test    al, 0F0h
        jnz     .done                           ; silent
        test    ebx, ebx
        jnz     .fault
        mov     [answers], edx
        cmp     edx, 2
        je      .done
        ; It lives, so it has touched its data. Take the page away, then let it go on.
        mov     eax, child_data + PAGE_READ_WRITE
        mov     ecx, 2                          ; the page, from those who have it from here
        int     CALL_FPAGE_UNMAP
        mov     dword [unmapped], 1
        xor     eax, eax
        jmp     .wait

.fault:
        cmp     edx, 0F0000000h
        jae     .port
        mov     eax, edx
        and     eax, PAGE_MASK
        cmp     eax, child_data
        jne     .map
        mov     ecx, [unmapped]
        add     [flushed_faults], ecx
.map:
        and     edx, PAGE_MASK                  ; where it goes: the same address
        mov     ebx, edx                        ; what: the page that this task has there
        test    byte [ebx], 0                   ; it must be here
        or      ebx, PAGE_READ_WRITE
        mov     eax, MAP_ITEM
        jmp     .wait

; A strict task without the port: sigma0 gives it to this task, and this one passes it on.
.port:
        mov     [port_fault], edx
        xor     eax, eax
        mov     ebp, ALL_PORTS_WINDOW
        mov     ecx, NEVER
        xor     ebx, ebx
        mov     esi, SIGMA0
        xor     edi, edi
        int     CALL_IPC
        xor     edx, edx
        mov     ebx, [port_fault]
        and     ebx, ~2
        mov     eax, MAP_ITEM
        jmp     .wait

.done:
        mov     eax, NONE
        mov     ebx, NONE
        mov     ebp, NONE
        mov     esi, [child_low]
        mov     edi, [child_high]
        int     CALL_THREAD_SCHEDULE
        shr     eax, 16
        and     eax, 0Fh
        mov     [child_state], eax

        mov     eax, [own_low]                  ; an inactive task, owned by this one
        xor     ebx, ebx
        xor     ebp, ebp
        mov     esi, [child_low]
        xor     edi, edi
        int     CALL_TASK_NEW
        mov     [deleted], esi
        ret

; What both tasks run.
child:
        mov     dword [child_data], 1
        in      al, 80h
        xor     eax, eax
        xor     ebp, ebp
        mov     ecx, NEVER
        mov     edx, 1
        xor     ebx, ebx
        mov     esi, [own_low]
        mov     edi, [own_high]
        int     CALL_IPC
        mov     dword [child_data], 2
        print   "# printed by the task itself", 10
        xor     eax, eax
        xor     ebp, ebp
        mov     ecx, NEVER
        mov     edx, 2
        xor     ebx, ebx
        mov     esi, [own_low]
        mov     edi, [own_high]
        int     CALL_IPC
        jmp     $

        section .bss
        alignb  4096
own_low:        resd    1
own_high:       resd    1
own_task:       resd    1
kip:            resd    1
cases:          resd    1
failures:       resd    1
profile:        resd    1
child_low:      resd    1
child_high:     resd    1
child_state:    resd    1
port_fault:     resd    1
answers:        resd    1
unmapped:       resd    1
flushed_faults: resd    1
deleted:        resd    1
                resb    512
adder_stack_end:
                resb    512
stack_end:
        alignb  4096
child_data:     resd    1
                resb    508
child_stack_end:
