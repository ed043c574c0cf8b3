// SPDX-License-Identifier: BSD-2-Clause
/// @file  Code whose every register and every instruction's address matters (probes.asm).
#pragma once

#include <runtime/ipc.hpp>

namespace guest {

using l4::Address;
using l4::Word;

struct RegisterImage {
    Word eax, ecx, edx, ebx, ebp, esi, edi;
    Word eflags;
    Word esp;                       ///< output only, as the rest
    Word cs, ds, es, fs, gs, ss;
    Word moved;                     ///< by how much ESP changed in the call

    friend bool operator== (RegisterImage const&, RegisterImage const&) = default;
};

constexpr Word flag_carry = 1 << 0;
constexpr Word flag_reserved = 1 << 1;      ///< always 1
constexpr Word flag_direction = 1 << 10;
constexpr Word flag_interrupt = 1 << 9;
constexpr Word flag_nested_task = 1 << 14;
constexpr Word flag_alignment_check = 1 << 18;
constexpr Word flag_io_privilege = 3 << 12;

/// A different value for every general register; flags as usual.
constexpr RegisterImage distinct_registers {
    0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x55555555, 0x66666666, 0x77777777,
    flag_reserved | flag_interrupt, 0, 0, 0, 0, 0, 0, 0, 0,
};

}  // namespace guest

extern "C" {

using GuestRawCall = void (guest::RegisterImage const* in, guest::RegisterImage* out);

/// One per system call, in the order of their vectors.
extern GuestRawCall* const guest_raw_calls[7];
/// The same with DS, ES, FS, GS and SS of `in`. Afterwards only FS and GS tell what they were.
extern GuestRawCall* const guest_segment_calls[7];
GuestRawCall guest_segment_spin;                    ///< counts ECX down
GuestRawCall guest_segment_read;                    ///< EAX = word at ESI, through CS
/// ipc with `source` at ESP.
void guest_deceiving_ipc (guest::RegisterImage const* in, guest::RegisterImage* out,
                          l4::ThreadId const* source);
/// ipc with any ESP; one thread at a time. @return EAX
l4::Word guest_deceive_at (guest::RegisterImage const* in, l4::Address esp);
extern char const guest_deceive_at_instruction[];
/// id_nearest with null DS, ES, FS and GS.
GuestRawCall guest_call_without_segments;
/// ipc with `selector` in DS and ES.
void guest_ipc_with_selector (guest::RegisterImage const* in, guest::RegisterImage* out,
                              l4::Word selector);

// One instruction each, at the address of the label.
l4::Word guest_read (l4::Address);
void guest_write (l4::Address, l4::Word);
void guest_jump (l4::Address);
GuestRawCall guest_read_with_registers;             ///< reads at in->esi
l4::Word guest_in_byte_80 ();
l4::Word guest_in_byte (l4::Word port);
l4::Word guest_in_word (l4::Word port);
l4::Word guest_in_dword (l4::Word port);
void guest_clear_interrupts ();
extern char const guest_read_instruction[];
extern char const guest_write_instruction[];
extern char const guest_registers_instruction[];
extern char const guest_in_byte_80_instruction[];
extern char const guest_in_byte_instruction[];
extern char const guest_in_word_instruction[];
extern char const guest_in_dword_instruction[];
extern char const guest_cli_instruction[];

// Entry points of threads.
void guest_report_registers ();                     ///< into guest_seen; then parks
void guest_park_forever ();
void guest_open_wait ();                            ///< reports afterwards
void guest_send_to_partner ();                      ///< guest_message; reports afterwards
void guest_busy ();                                 ///< counts in guest_count
void guest_read_busily ();                          ///< at guest_address; reports afterwards
void guest_exchange_itself ();                      ///< to guest_report_registers, guest_stack
extern char const guest_behind_open_wait[];
extern char const guest_behind_send[];
extern char const guest_busy_loop[];
extern char const guest_busy_end[];
extern char const guest_read_busily_instruction[];
extern char const guest_behind_exchange[];

extern guest::RegisterImage volatile guest_seen;
extern l4::Word volatile guest_reports;             ///< set to 1 when guest_seen is complete
extern l4::ThreadId guest_partner;
extern l4::Word guest_message;                      ///< send descriptor; 0: registers only
extern l4::Word volatile guest_count;
extern l4::Address guest_address;
extern l4::Word guest_lthread;
extern l4::Address guest_stack;

}  // extern "C"

namespace guest {

[[nodiscard]] inline RegisterImage raw_call (l4::SystemCall call, RegisterImage const& in)
{
    RegisterImage out {};
    guest_raw_calls[static_cast<Word> (call) - static_cast<Word> (l4::SystemCall::ipc)](&in, &out);
    return out;
}

template <typename Function>
[[nodiscard]] Address address_of (Function& code)
{
    return reinterpret_cast<Address> (&code);
}

/// What the last thread to report held in its registers.
[[nodiscard]] inline RegisterImage registers_seen ()
{
    return const_cast<RegisterImage const&> (guest_seen);
}

/// Wait until a thread has reported, at most `milliseconds`. Forgets the report.
[[nodiscard]] bool await_report (unsigned milliseconds = 1000);

/// A thread of the own task at `entry`, with a number never used before and a stack of its own.
/// The runner parks it when the case ends.
struct FreshThread {
    l4::ThreadId id;
    Address stack;                  ///< its initial ESP
};
[[nodiscard]] FreshThread start_fresh_thread (void (&entry) (),
                                              l4::ThreadId pager = l4::root_id);

/// lthread_ex_regs, not inline: cases make many of these calls.
rt::ExchangeResult ex_regs (Word lthread, Address esp, Address eip,
                            l4::ThreadId pager = l4::ThreadId::invalid (),
                            l4::ThreadId preempter = l4::ThreadId::invalid ());

/// A stack for a thread that the case starts itself; there are four.
[[nodiscard]] Address fresh_stack ();
/// All four may be used again: no thread of this case is on one of them.
void reset_stacks ();

/// A task whose first thread runs `function (argument)` on a fresh stack and must not return.
/// @param pager  nil: the framework's
l4::ThreadId create_task (l4::ThreadId id, Word mcp, void (*function) (void*), void* argument,
                          l4::ThreadId pager = l4::ThreadId::nil ());

/// For the runner, after a case.
void park_fresh_threads ();

}  // namespace guest
