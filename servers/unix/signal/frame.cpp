// SPDX-License-Identifier: BSD-2-Clause
#include "frame.hpp"

#include "../abi/system_call.hpp"

namespace unix_server {

namespace {

/// Flags that a program can change: AC, RF, OF, DF, TF, SF, ZF, AF, PF, CF.
constexpr Word changeable_flags = 0x00050DD5;
/// Cleared when a handler begins: DF, TF, RF.
constexpr Word flags_of_handler = ~Word { 0x00010500 };

constexpr Word linux_cs = 0x73;
constexpr Word linux_ds = 0x7B;

/// pop eax; mov eax, sigreturn; int 80h
constexpr std::uint8_t return_code[8] = { 0x58, 0xB8, 119, 0, 0, 0, 0xCD, 0x80 };
/// mov eax, rt_sigreturn; int 80h
constexpr std::uint8_t return_code_with_info[8] = { 0xB8, 173, 0, 0, 0, 0xCD, 0x80, 0 };

bool is_on_stack (AlternativeStack const& stack, Address esp)
{
    return esp > stack.begin && esp - stack.begin <= stack.size;
}

/// As a call instruction leaves it: ESP + 4 is a multiple of 16.
Address align_frame (Address esp) { return ((esp + 4) & ~Address { 15 }) - 4; }

struct Place {
    Address frame;
    Address floating_point;
};

Place find_place (Interrupted process, Disposition const& wanted, Word size)
{
    Address esp = process.page.esp;
    AlternativeStack const& stack = process.signals.stack;
    if ((wanted.flags & action::on_stack) != 0 && stack.size != 0 && !is_on_stack (stack, esp))
        esp = stack.begin + stack.size;
    Address const floating_point = (esp - sizeof (FloatingPointFrame)) & ~Address { 63 };
    return { align_frame (floating_point - size), floating_point };
}

SignalContext save_registers (Interrupted process, Delivery const& delivery, Place const& place)
{
    CallPage const& page = process.page;
    bool const is_fault = by_exception.contains (delivery.signal);
    return { page.gs, 0, linux_ds, linux_ds, page.edi, page.esi, page.ebp, page.esp,
             page.ebx, page.edx, page.ecx, page.eax, page.vector, page.error, page.eip,
             linux_cs, page.eflags, page.esp, linux_ds, place.floating_point,
             static_cast<Word> (process.signals.mask_for_frame ().bits ()),
             is_fault ? delivery.cause.fields[SignalInfo::address] : 0 };
}

bool save_floating_point (Interrupted process, Place const& place)
{
    FloatingPoint const& now = process.page.floating_point;
    FloatingPointFrame const saved { now, static_cast<std::uint16_t> (now.status), 0xFFFF };
    return process.space.write (place.floating_point, saved, process.frames);
}

SignalInfo info_of (Delivery const& delivery)
{
    SignalInfo info { static_cast<Word> (delivery.signal), 0, delivery.cause.code, {} };
    for (std::size_t i = 0; i < std::size (delivery.cause.fields); ++i)
        info.fields[i] = delivery.cause.fields[i];
    return info;
}

bool push (Interrupted process, Delivery const& delivery, Disposition const& wanted,
           Place const& place)
{
    SignalFrame frame {};
    frame.return_to = (wanted.flags & action::restorer) != 0
                          ? wanted.restorer
                          : place.frame + offsetof (SignalFrame, code);
    frame.number = static_cast<Word> (delivery.signal);
    frame.registers = save_registers (process, delivery, place);
    frame.more_mask = static_cast<Word> (process.signals.mask_for_frame ().bits () >> 32);
    __builtin_memcpy (frame.code, return_code, sizeof return_code);
    return process.space.write (place.frame, frame, process.frames);
}

bool push_with_info (Interrupted process, Delivery const& delivery, Disposition const& wanted,
                     Place const& place)
{
    InfoFrame frame {};
    frame.return_to = (wanted.flags & action::restorer) != 0
                          ? wanted.restorer
                          : place.frame + offsetof (InfoFrame, code);
    frame.number = static_cast<Word> (delivery.signal);
    frame.info_at = place.frame + offsetof (InfoFrame, info);
    frame.context_at = place.frame + offsetof (InfoFrame, context);
    frame.info = info_of (delivery);
    frame.context.stack = stack_now (process);
    frame.context.registers = save_registers (process, delivery, place);
    frame.context.mask = process.signals.mask_for_frame ().bits ();
    __builtin_memcpy (frame.code, return_code_with_info, sizeof return_code_with_info);
    return process.space.write (place.frame, frame, process.frames);
}

bool load_registers (Interrupted process, SignalContext const& from)
{
    CallPage& page = process.page;
    page.gs = from.gs & 0xFFFF;
    page.edi = from.edi;
    page.esi = from.esi;
    page.ebp = from.ebp;
    page.esp = from.esp;
    page.ebx = from.ebx;
    page.edx = from.edx;
    page.ecx = from.ecx;
    page.eax = from.eax;
    page.eip = from.eip;
    page.eflags = (page.eflags & ~changeable_flags) | (from.eflags & changeable_flags);
    page.floating_point = clean_floating_point;
    return from.floating_point == 0
           || process.space.read (page.floating_point, from.floating_point, process.frames);
}

}  // namespace

AlternativeStack stack_now (Interrupted process)
{
    AlternativeStack stack = process.signals.stack;
    stack.flags = stack.size == 0                         ? AlternativeStack::disabled
                  : is_on_stack (stack, process.page.esp) ? AlternativeStack::in_use
                                                          : 0;
    return stack;
}

bool enter_handler (Interrupted process, Delivery const& delivery)
{
    Disposition const wanted = process.signals.disposition (delivery.signal);
    bool const with_info = (wanted.flags & action::with_info) != 0;
    Place const place = find_place (process, wanted,
                                    with_info ? sizeof (InfoFrame) : sizeof (SignalFrame));
    if (!save_floating_point (process, place)
        || !(with_info ? push_with_info (process, delivery, wanted, place)
                       : push (process, delivery, wanted, place)))
        return false;

    CallPage& page = process.page;
    page.eax = static_cast<Word> (delivery.signal);
    page.edx = with_info ? place.frame + offsetof (InfoFrame, info) : 0;
    page.ecx = with_info ? place.frame + offsetof (InfoFrame, context) : 0;
    page.esp = place.frame;
    page.eip = wanted.handler;
    page.eflags &= flags_of_handler;
    page.floating_point = clean_floating_point;
    process.signals.enter (delivery.signal);
    return true;
}

bool leave_handler (Interrupted process, Address at)
{
    SignalFrame frame;
    if (!process.space.read (frame, at, process.frames)
        || !load_registers (process, frame.registers))
        return false;
    process.signals.block (SignalSet { std::uint64_t { frame.more_mask } << 32
                                       | frame.registers.old_mask });
    return true;
}

bool leave_handler_with_info (Interrupted process, Address at)
{
    InfoFrame frame;
    if (!process.space.read (frame, at, process.frames)
        || !load_registers (process, frame.context.registers))
        return false;
    process.signals.block (SignalSet { frame.context.mask });
    AlternativeStack const& stack = frame.context.stack;
    process.signals.stack
        = (stack.flags & AlternativeStack::disabled) != 0 ? AlternativeStack {} : stack;
    return true;
}

}  // namespace unix_server
