// SPDX-License-Identifier: BSD-2-Clause
/// @file  Signals of Linux/i386: numbers, and the structures of the calls and of the frame that a
///        handler finds on its stack.
///
/// Source: Linux, include/uapi/asm-generic/signal.h and siginfo.h; arch/x86/include/uapi/asm/
/// signal.h and sigcontext.h; arch/x86/include/asm/sigframe.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include <l4/word.hpp>

namespace unix_server {

using l4::Address;
using l4::Word;

enum class Signal : Word {
    none = 0,
    hangup = 1, interrupt = 2, quit = 3, illegal_instruction = 4, trap = 5, abort = 6, bus = 7,
    floating_point = 8, kill = 9, user_1 = 10, segmentation_fault = 11, user_2 = 12, pipe = 13,
    alarm = 14, terminate = 15, stack_fault = 16, child = 17, go_on = 18, stop = 19,
    terminal_stop = 20, terminal_input = 21, terminal_output = 22, urgent = 23,
    processor_time = 24, file_size = 25, virtual_alarm = 26, profile = 27, window = 28,
    input_output = 29, power = 30, bad_system_call = 31,
};

/// 1 to 64 are signals; from 32 on they have no meaning of their own.
constexpr Word last_signal = 64;
[[nodiscard]] constexpr bool is_signal (Word number)
{
    return number >= 1 && number <= last_signal;
}

namespace handler {

constexpr Address by_default = 0;
constexpr Address ignore = 1;

}  // namespace handler

namespace action {

constexpr Word no_stopped_children = 1;
constexpr Word no_zombies = 2;
constexpr Word with_info = 4;
constexpr Word restorer = 0x04000000;
constexpr Word on_stack = 0x08000000;
constexpr Word restart = 0x10000000;
constexpr Word no_defer = 0x40000000;
constexpr Word reset = 0x80000000;

}  // namespace action

/// Argument of sigaction.
struct OldAction {
    Address handler;
    Word mask;
    Word flags;
    Address restorer;
};

/// Argument of rt_sigaction.
struct Action {
    Address handler;
    Word flags;
    Address restorer;
    std::uint64_t mask;
};

/// First argument of sigprocmask.
namespace masking {

constexpr Word block = 0;
constexpr Word unblock = 1;
constexpr Word set = 2;

}  // namespace masking

struct AlternativeStack {
    Address begin;
    Word flags;
    Word size;

    static constexpr Word in_use = 1;
    static constexpr Word disabled = 2;
    static constexpr Word smallest = 2048;
};

/// Why a signal was sent, as SA_SIGINFO tells it.
struct SignalInfo {
    Word number;
    Word error;
    std::int32_t code;
    Word fields[29];

    // Of a signal that a process sent, and of SIGCHLD.
    static constexpr std::size_t pid = 0, uid = 1, status = 2;
    // Of an exception.
    static constexpr std::size_t address = 0;

    static constexpr std::int32_t by_kill = 0, by_kernel = 0x80, by_tkill = -6;
    static constexpr std::int32_t unmapped = 1, forbidden = 2;      ///< of SIGSEGV
    static constexpr std::int32_t no_object = 2;                    ///< of SIGBUS
    static constexpr std::int32_t exited = 1, killed = 2, stopped = 5, continued = 6;
};

/// The general registers in a frame.
struct SignalContext {
    Word gs, fs, es, ds;
    Word edi, esi, ebp;
    Address esp;
    Word ebx, edx, ecx, eax;
    Word vector, error;
    Address eip;
    Word cs, eflags, esp_at_signal, ss;
    Address floating_point;
    Word old_mask;
    Address fault_address;
};

/// What FNSAVE stores, and what follows it in a frame.
struct FloatingPoint {
    Word control, status, tags, instruction, instruction_selector, operand, operand_selector;
    std::uint8_t registers[80];
};
/// As FNINIT leaves it.
constexpr FloatingPoint clean_floating_point { 0xFFFF037F, 0xFFFF0000, 0xFFFFFFFF, 0, 0, 0,
                                               0xFFFF0000, {} };

struct FloatingPointFrame {
    FloatingPoint saved;
    std::uint16_t status;
    std::uint16_t magic;                        ///< FFFFh: nothing of later processors follows
};

struct UserContext {
    Word flags;
    Address link;
    AlternativeStack stack;
    SignalContext registers;
    std::uint64_t mask;
};

/// What a handler finds at ESP; the floating-point state is above it.
struct SignalFrame {
    Address return_to;
    Word number;
    SignalContext registers;
    std::uint8_t unused[624];
    Word more_mask;
    std::uint8_t code[8];                       ///< to return by, without SA_RESTORER
};
struct InfoFrame {                              ///< with SA_SIGINFO
    Address return_to;
    Word number;
    Address info_at;
    Address context_at;
    SignalInfo info;
    UserContext context;
    std::uint8_t code[8];
};

static_assert (sizeof (SignalInfo) == 128 && sizeof (SignalContext) == 88);
static_assert (sizeof (FloatingPoint) == 108 && sizeof (FloatingPointFrame) == 112);
static_assert (sizeof (UserContext) == 116);
static_assert (sizeof (SignalFrame) == 732 && offsetof (SignalFrame, code) == 724);
static_assert (sizeof (InfoFrame) == 268 && offsetof (InfoFrame, context) == 144);

}  // namespace unix_server
