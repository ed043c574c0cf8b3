// SPDX-License-Identifier: BSD-2-Clause
/// @file  Constants that emulation.asm needs, taken from the C++ types that define them.
///
/// The build dumps the section into call_page.inc.
#include <l4/syscall.hpp>

#include "call_page.hpp"

using namespace unix_server;

#define EMIT(name, value)                                                                          \
    asm volatile (".pushsection .asm_offsets,\"\",@progbits\n\t"                                   \
                  ".ascii \"%%define " #name " %c0\\n\"\n\t.popsection"                            \
                  :                                                                                \
                  : "i"(value))
#define EMIT_CALL(name, member)                                                                    \
    EMIT (name, static_cast<int> (layout::call_page + offsetof (CallPage, member)))

void emit_call_page ();
void emit_call_page ()
{
    EMIT_CALL (CALL_EAX, eax);
    EMIT_CALL (CALL_EBX, ebx);
    EMIT_CALL (CALL_ECX, ecx);
    EMIT_CALL (CALL_EDX, edx);
    EMIT_CALL (CALL_ESI, esi);
    EMIT_CALL (CALL_EDI, edi);
    EMIT_CALL (CALL_EBP, ebp);
    EMIT_CALL (CALL_ESP, esp);
    EMIT_CALL (CALL_EIP, eip);
    EMIT_CALL (CALL_EFLAGS, eflags);
    EMIT_CALL (CALL_GS, gs);
    EMIT_CALL (CALL_VECTOR, vector);
    EMIT_CALL (CALL_ERROR, error);
    EMIT_CALL (CALL_FLOATING_POINT, floating_point);
    EMIT_CALL (CALL_MESSAGE, message);
    EMIT_CALL (CALL_FIRST_ANSWER, first_answer);
    EMIT_CALL (CALL_TLS, tls);
    EMIT (EMULATION_PAGE, static_cast<int> (layout::emulation_page));
    EMIT (TRAP_MESSAGE, static_cast<int> (trap_message));
    EMIT (ANSWER_WITH_SEGMENTS, static_cast<int> (answer_with_segments));
    EMIT (ANSWER_WITH_FLOATING_POINT, static_cast<int> (answer_with_floating_point));
    EMIT (ANSWER_SAVE_FLOATING_POINT, static_cast<int> (answer_save_floating_point));
    EMIT (MESSAGE_TRAP, static_cast<int> (TrapMessage::trap));
    EMIT (MESSAGE_AGAIN, static_cast<int> (TrapMessage::again));
    EMIT (MESSAGE_SAVED, static_cast<int> (TrapMessage::saved));
    EMIT (INTERRUPTED, static_cast<int> (vector_interrupted));
    EMIT (INTERRUPTER, static_cast<int> (interrupter));
    EMIT (SYSTEM_CALL_IPC, static_cast<int> (l4::SystemCall::ipc));
    EMIT (SYSTEM_CALL_EXCHANGE, static_cast<int> (l4::SystemCall::lthread_ex_regs));
}
