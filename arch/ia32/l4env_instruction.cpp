// SPDX-License-Identifier: BSD-2-Clause
#include <l4env_instruction.hpp>

#include <algorithm>

#include <core/fault_ipc.hpp>
#include <core/kip.hpp>
#include <core/scheduler.hpp>
#include <core/space.hpp>
#include <lib/format.hpp>

#include <machine/console.hpp>
#include <machine/user_memory.hpp>

namespace ia32 {

using kernel::Tcb;
using kernel::fault_ipc::FaultAccess;
using l4::Address;
using l4::Word;
using machine::console;
using machine::TrapFrame;

namespace {

/// What follows the `int3`. The instructions harm nobody: JMP over the text, NOP, CMP AL, n.
constexpr std::uint8_t jump = 0xEB;
constexpr std::uint8_t no_operation = 0x90;
constexpr std::uint8_t compare_al = 0x3C;

/// Operand of the CMP.
enum Call : std::uint8_t {
    put_character = 0x00,           ///< AL
    put_characters = 0x01,          ///< EBX of them at EAX
    put_text = 0x02,                ///< zero-terminated at EAX
    put_hexadecimal_32 = 0x05,      ///< EAX, so many bits of it
    put_hexadecimal_20 = 0x06,
    put_hexadecimal_16 = 0x07,
    put_hexadecimal_12 = 0x08,
    put_hexadecimal_8 = 0x09,
    put_decimal = 0x0B,             ///< EAX
    get_character = 0x0D,           ///< into EAX, -1: none
    first_literal = 0x20,           ///< from here on the operand itself is printed
};

constexpr std::uint8_t lock_prefix = 0xF0;

/// The thread's own memory from `from` on, as far as it is mapped: nothing faults here.
/// @return the bytes read
Word peek (Tcb& self, Address from, std::uint8_t* to, Word size)
{
    if (from >= l4::user_limit)
        return 0;
    if (size > l4::user_limit - from)
        size = l4::user_limit - from;
    auto const destination = reinterpret_cast<Address> (to);
    machine::SmallSpace& small = self.space->small_space ();
    small.grow_for (*self.space, from, size);
    from = small.linear (from);
    Word done = machine::copy_user (destination, from, size).done;
    // sigma0 has all memory, also what it has not touched yet.
    if (done < size
        && kernel::fault_ipc::resolve_in_initial_space (self, from + done, FaultAccess::read))
        done += machine::copy_user (destination + done, from + done, size - done).done;
    return done;
}

/// The serial line of the kernel. The user can make the text long and the line is slow, so
/// interrupts are served at every character; the thread may end there.
struct Line {
    static void put (char c)
    {
        if (c == '\n')
            put_raw ('\r');
        put_raw (c);
    }

private:
    static void put_raw (char c)
    {
        // Of the order of a second: then nobody takes what the line sends.
        constexpr unsigned patience = 1'000'000;
        for (unsigned n = 0; n < patience && console.line_is_busy (); ++n)
            kernel::scheduler::serve_interrupts ();
        console.put_on_line (c);
        kernel::scheduler::serve_interrupts ();
    }
};

/// `size` characters at `from`, or fewer: up to a zero if `terminated`, up to what is not there.
void print_text (Tcb& self, Address from, Word size, bool terminated)
{
    std::uint8_t piece[32];
    while (size > 0) {
        // All of a piece lies in one page: it is there, or it is not.
        Word const wanted = std::min<Word> ({ size, sizeof piece,
                                              l4::page_size - from % l4::page_size });
        if (peek (self, from, piece, wanted) < wanted)
            return;
        for (Word i = 0; i < wanted; ++i) {
            if (terminated && piece[i] == 0)
                return;
            Line::put (static_cast<char> (piece[i]));
        }
        from += wanted;
        size -= wanted;
    }
}

/// Text in the code: EB, its length, the text.
void print_inline (Tcb& self, Address at_length)
{
    std::uint8_t length;
    if (peek (self, at_length, &length, 1) == 1)
        print_text (self, at_length + 1, length, false);
}

void print_hexadecimal (Word value, unsigned digits)
{
    Line line;
    Word const mask = digits == 8 ? ~Word { 0 } : (Word { 1 } << 4 * digits) - 1;
    lib::print (line, lib::hex (value & mask, digits));
}

void call (Tcb& self, TrapFrame& frame, std::uint8_t number)
{
    constexpr Word no_limit = ~Word { 0 };
    Line line;
    switch (number) {
    case put_character: return Line::put (static_cast<char> (frame.eax));
    case put_characters: return print_text (self, frame.eax, frame.ebx, false);
    case put_text: return print_text (self, frame.eax, no_limit, true);
    case put_hexadecimal_32: return print_hexadecimal (frame.eax, 8);
    case put_hexadecimal_20: return print_hexadecimal (frame.eax, 5);
    case put_hexadecimal_16: return print_hexadecimal (frame.eax, 4);
    case put_hexadecimal_12: return print_hexadecimal (frame.eax, 3);
    case put_hexadecimal_8: return print_hexadecimal (frame.eax, 2);
    case put_decimal: return lib::print (line, frame.eax);
    case get_character: frame.eax = static_cast<Word> (console.read_line ()); return;
    default:
        if (number >= first_literal)
            Line::put (static_cast<char> (number));
    }
}

}  // namespace

void debug_call (Tcb& self, TrapFrame& frame)
{
    std::uint8_t code[2] {};
    if (peek (self, frame.eip, code, sizeof code) < sizeof code)
        return;
    if (code[0] == jump)
        print_inline (self, frame.eip + 1);
    else if (code[0] == no_operation && code[1] == jump)
        print_inline (self, frame.eip + 2);
    else if (code[0] == compare_al)
        call (self, frame, code[1]);
}

bool emulate_lock_nop (Tcb& self, TrapFrame& frame)
{
    std::uint8_t code[2] {};
    if (peek (self, frame.eip, code, sizeof code) < sizeof code || code[0] != lock_prefix
        || code[1] != no_operation)
        return false;
    frame.eax = self.space->is_initial () ? machine::to_physical (&kernel::kip)
                                          : l4::kip_address_l4env;
    frame.eip += sizeof code;
    return true;
}

}  // namespace ia32
