// SPDX-License-Identifier: BSD-2-Clause
/// @file  Call page: where a process's registers lie while the server looks at them.
///
/// The emulation page (emulation.asm) stores the registers here when the process traps, sends one
/// short message, and loads them from here when the answer comes. So the answer to a call, the
/// first instruction of a program, a forked child and a signal handler are all the same thing:
/// other words in this page. The process can write to its page whenever it likes: the server
/// copies it once per message and trusts nothing in it.
///
/// A process that computes does not come by itself. Its second thread waits in the emulation page
/// for the server's word, and then sends the first one here as if that had trapped.
#pragma once

#include <cstddef>

#include <l4/exception.hpp>
#include <l4/word.hpp>

#include "../abi/signal.hpp"
#include "../process/layout.hpp"

namespace unix_server {

using l4::Address;
using l4::Word;

struct CallPage {
    // As the trap left them.
    Word eax, ebx, ecx, edx, esi, edi, ebp;
    Address esp;
    Address eip;
    Word eflags;
    Word gs;
    Word vector;                    ///< of the exception
    Word error;                     ///< its error code, or 0
    FloatingPoint floating_point;   ///< if the server has asked for it, or the answer says so
    // For the emulation page alone.
    Word message;                   ///< the one that is being sent
    Word first_answer;              ///< of a new task, which has asked nothing
    l4::PseudoDescriptor tls;       ///< of the next
    std::uint16_t unused;
    Word descriptors[2 * l4::tls_descriptors];
};

static_assert (offsetof (CallPage, descriptors) == 176);

/// w0 of the message for a trap: no page fault has such an address, no port fault such a form.
constexpr Word trap_message = 0xC0000000;

/// w1 of it.
enum class TrapMessage : Word {
    trap = 0,
    again = 1,                      ///< an answer may have been lost: say it once more
    saved = 2,                      ///< the floating-point state is in the page
};

/// w0 of the answer.
constexpr Word answer_plain = 0;
constexpr Word answer_with_segments = 1;        ///< set the TLS descriptors and GS, too
constexpr Word answer_with_floating_point = 2;  ///< load that, too
constexpr Word answer_save_floating_point = 4;  ///< do, and tell: nothing else is done

/// `vector` of a thread that has not trapped but was interrupted.
constexpr Word vector_interrupted = 0x100;

/// The thread of each process that interrupts the first one when it gets a message.
constexpr Word interrupter = 1;

/// Exception 13 of `int n`, and the length of that instruction.
[[nodiscard]] constexpr Word error_code_of (Word vector) { return 8 * vector + 2; }
constexpr Word int_instruction_size = 2;
constexpr Word general_protection = 13;

/// First instruction of a new task, in the process.
[[nodiscard]] Address emulation_entry ();
/// The page itself, in the server, to be mapped read-only. @param server  whom it sends to
[[nodiscard]] Address prepare_emulation_page (l4::Word server_low, l4::Word server_high);

}  // namespace unix_server
