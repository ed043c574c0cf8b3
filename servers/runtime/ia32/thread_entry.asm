; SPDX-License-Identifier: BSD-2-Clause
; First instructions of a thread made by rt::start_thread.
;   in      [esp] function, [esp+4] its argument; nothing else: the thread may have been
;           interrupted anywhere
;   out     function (argument), regparm (3): the argument in eax; a return faults at 0

        section .text
        global  rt_thread_entry
rt_thread_entry:
        cld
        pop     edx
        pop     eax
        xor     ebp, ebp
        push    ebp                             ; no return address
        jmp     edx
