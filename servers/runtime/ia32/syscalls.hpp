// SPDX-License-Identifier: BSD-2-Clause
/// @file  The seven system calls as inline stubs: every register in, every register out.
///
/// Nothing is interpreted here; `ipc.hpp` and `thread.hpp` are the readable forms. An output
/// that docs/abi.md calls undefined is delivered as the kernel left it.
///
/// EBP carries the receive descriptor and the high word of an id, and is also what the compiler
/// may use as the frame pointer of any function. So it is exchanged by way of the stack, inside
/// the stub: as an operand in a register it would be refused in some functions with a frame
/// pointer, and compiled into wrong code in others. ESP at the trap is two words lower than
/// outside; a deceiving send, which passes words at ESP, needs a stub of its own.
#pragma once

#include <l4/fpage.hpp>
#include <l4/message.hpp>
#include <l4/schedule.hpp>
#include <l4/syscall.hpp>
#include <l4/thread_id.hpp>
#include <l4/timeout.hpp>

namespace rt {

using l4::Address;
using l4::Word;

/// The general registers at a system call.
struct Registers {
    Word eax { 0 };
    Word ecx { 0 };
    Word edx { 0 };
    Word ebx { 0 };
    Word ebp { 0 };
    Word esi { 0 };
    Word edi { 0 };
};

/// `int call` with all seven registers loaded from `in`; what they held afterwards.
template <l4::SystemCall call>
[[gnu::always_inline]] inline Registers raw_system_call (Registers in)
{
    // Scalars, not members of a structure: they need never be in memory.
    Word eax = in.eax;
    Word ecx = in.ecx;
    Word edx = in.edx;
    Word ebx = in.ebx;
    Word ebp;
    Word esi = in.esi;
    Word edi = in.edi;
    // Operands at ESP are addressed before a push and behind a pop: both see the same ESP.
    asm volatile ("pushl %[in_ebp]\n\t"
                  "pushl %%ebp\n\t"
                  "movl 4(%%esp), %%ebp\n\t"
                  "int %[vector]\n\t"
                  "movl %%ebp, 4(%%esp)\n\t"
                  "popl %%ebp\n\t"
                  "popl %[out_ebp]"
                  : "+a" (eax), "+c" (ecx), "+d" (edx), "+b" (ebx), "+S" (esi), "+D" (edi),
                    [out_ebp] "=m" (ebp)
                  : [vector] "i" (static_cast<Word> (call)), [in_ebp] "g" (in.ebp)
                  : "memory", "cc");
    return { eax, ecx, edx, ebx, ebp, esi, edi };
}

struct IpcResult {
    l4::MessageDope dope;       ///< EAX: result code, flags, sizes
    Word w0;                    ///< EDX
    Word w1;                    ///< EBX
    l4::ThreadId source;        ///< ESI:EDI
    l4::ThreadId addressed;     ///< ECX:EBP: true destination, only if dope.redirected ()
};

/// int 30h.
/// @param partner  destination, and source of a closed receive
[[gnu::always_inline]] inline IpcResult
ipc (l4::SendDescriptor send, l4::ReceiveDescriptor receive, l4::ThreadId partner,
     l4::Timeouts timeouts, Word w0 = 0, Word w1 = 0)
{
    Registers const r = raw_system_call<l4::SystemCall::ipc> (
        { .eax = send.raw (), .ecx = timeouts.raw (), .edx = w0, .ebx = w1, .ebp = receive.raw (),
          .esi = partner.low (), .edi = partner.high () });
    return { l4::MessageDope { r.eax }, r.edx, r.ebx, { r.esi, r.edi }, { r.ecx, r.ebp } };
}

struct NearestResult {
    l4::Nearest type;           ///< EAX
    l4::ThreadId nearest;       ///< ESI:EDI
};

/// int 31h. @param destination  nil: the caller's own id
[[gnu::always_inline]] inline NearestResult id_nearest (l4::ThreadId destination)
{
    Registers const r = raw_system_call<l4::SystemCall::id_nearest> (
        { .esi = destination.low (), .edi = destination.high () });
    return { static_cast<l4::Nearest> (r.eax), { r.esi, r.edi } };
}

/// int 32h. @param mask  bits of l4::UnmapMask
[[gnu::always_inline]] inline void fpage_unmap (l4::Fpage fpage, Word mask)
{
    raw_system_call<l4::SystemCall::fpage_unmap> ({ .eax = fpage.raw (), .ecx = mask });
}

/// int 33h. @param destination  nil: whoever is next
[[gnu::always_inline]] inline void thread_switch (l4::ThreadId destination)
{
    raw_system_call<l4::SystemCall::thread_switch> (
        { .esi = destination.low (), .edi = destination.high () });
}

struct ScheduleResult {
    l4::ScheduleParameter old;      ///< EAX; raw FFFFFFFFh: refused
    Word time_low;                  ///< ECX: processor time, microseconds
    Word time_high;                 ///< EDX: bits 15..0 more of it; above, remaining timeouts
    l4::ThreadId old_preempter;     ///< EBX:EBP
    l4::ThreadId partner;           ///< ESI:EDI
};

/// int 34h. @param parameter  raw FFFFFFFFh: read only
[[gnu::always_inline]] inline ScheduleResult
thread_schedule (l4::ThreadId thread, l4::ScheduleParameter parameter,
                 l4::ThreadId preempter = l4::ThreadId::invalid ())
{
    Registers const r = raw_system_call<l4::SystemCall::thread_schedule> (
        { .eax = parameter.raw (), .ebx = preempter.low (), .ebp = preempter.high (),
          .esi = thread.low (), .edi = thread.high () });
    return { l4::ScheduleParameter { r.eax }, r.ecx, r.edx, { r.ebx, r.ebp }, { r.esi, r.edi } };
}

struct ExchangeResult {
    Word eflags;                    ///< EAX
    Address esp;                    ///< ECX
    Address eip;                    ///< EDX
    l4::ThreadId preempter;         ///< EBX:EBP
    l4::ThreadId pager;             ///< ESI:EDI
};

/// int 35h. Values before the call. @param lthread  EAX as it is: number, and flags if any
[[gnu::always_inline]] inline ExchangeResult
lthread_ex_regs (Word lthread, Address esp, Address eip,
                 l4::ThreadId pager = l4::ThreadId::invalid (),
                 l4::ThreadId preempter = l4::ThreadId::invalid ())
{
    Registers const r = raw_system_call<l4::SystemCall::lthread_ex_regs> (
        { .eax = lthread, .ecx = esp, .edx = eip, .ebx = preempter.low (),
          .ebp = preempter.high (), .esi = pager.low (), .edi = pager.high () });
    return { r.eax, r.ecx, r.edx, { r.ebx, r.ebp }, { r.esi, r.edi } };
}

/// int 36h. @param mcp_or_chief  active: maximum controlled priority; inactive (pager nil): low
///                               word of the new owner's id
/// @return the task's id; nil if refused
[[gnu::always_inline]] inline l4::ThreadId task_new (l4::ThreadId task, Word mcp_or_chief,
                                                     Address esp, Address eip,
                                                     l4::ThreadId pager)
{
    Registers const r = raw_system_call<l4::SystemCall::task_new> (
        { .eax = mcp_or_chief, .ecx = esp, .edx = eip, .ebx = pager.low (), .ebp = pager.high (),
          .esi = task.low (), .edi = task.high () });
    return { r.esi, r.edi };
}

}  // namespace rt
