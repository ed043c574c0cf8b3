// SPDX-License-Identifier: BSD-2-Clause
/// @file  thread_schedule, int 34h.
///
///     in   EAX parameter word, EBX:EBP external preempter, ESI:EDI thread
///     out  EAX old parameter word, or -1: refused
///
/// Not available yet: every call is refused.
#include <core/system_calls.hpp>
#include <l4/syscall.hpp>

void sys_thread_schedule (machine::TrapFrame& frame) { frame.eax = l4::unchanged; }
