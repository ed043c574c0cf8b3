// SPDX-License-Identifier: BSD-2-Clause
/// @file  Linux/i386 for the programs here that are written in C++: calls, and a line of output.
///
/// No C library: what the kernel, or the Unix server, does is seen as it is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace linux_i386 {

using Word = std::uint32_t;

enum Number : Word {
    number_exit = 1, number_fork = 2, number_read = 3, number_write = 4, number_pause = 29,
    number_kill = 37, number_getpid = 20, number_alarm = 27, number_setpgid = 57,
    number_sigaction = 67, number_setitimer = 104, number_wait4 = 114, number_sigreturn = 119,
    number_sigprocmask = 126, number_nanosleep = 162, number_poll = 168,
    number_rt_sigreturn = 173, number_rt_sigaction = 174, number_rt_sigprocmask = 175,
    number_rt_sigpending = 176, number_rt_sigsuspend = 179, number_sigaltstack = 186,
    number_vfork = 190, number_gettimeofday = 78, number_getppid = 64, number_getpgid = 132,
    number_setsid = 66, number_getsid = 147, number_clock_gettime = 265, number_select = 142,
    number_clone = 120, number_prctl = 172, number_times = 43, number_tgkill = 270,
};

/// Result, or the negative of an error number.
inline std::int32_t call (Word number, Word a = 0, Word b = 0, Word c = 0, Word d = 0, Word e = 0)
{
    std::int32_t result;
    asm volatile ("int $0x80"
                  : "=a" (result)
                  : "0" (number), "b" (a), "c" (b), "d" (c), "S" (d), "D" (e)
                  : "memory");
    return result;
}

template <typename T>
Word at (T const* pointer) { return reinterpret_cast<Word> (pointer); }
template <typename... A>
Word at (void (*function) (A...)) { return reinterpret_cast<Word> (function); }

inline void put (char const* text)
{
    Word length = 0;
    while (text[length] != 0)
        ++length;
    call (number_write, 1, at (text), length);
}

inline void put_number (std::int32_t number)
{
    char text[12];
    char* end = text + sizeof text;
    *--end = 0;
    auto rest = static_cast<Word> (number < 0 ? -number : number);
    do
        *--end = static_cast<char> ('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0)
        *--end = '-';
    put (end);
}

inline int failures = 0;

/// One line: ok, or what there is instead of what should be.
inline void check (char const* what, std::int32_t found, std::int32_t wanted)
{
    put (found == wanted ? "ok " : "not ok ");
    put (what);
    if (found != wanted) {
        ++failures;
        put (": ");
        put_number (found);
        put (", not ");
        put_number (wanted);
    }
    put ("\n");
}

[[noreturn]] inline void leave (int status)
{
    for (;;)
        call (number_exit, static_cast<Word> (status));
}

constexpr Word signal_interrupt = 2, signal_kill = 9, signal_user_1 = 10, signal_segment = 11,
               signal_user_2 = 12, signal_alarm = 14, signal_terminate = 15, signal_child = 17,
               signal_continue = 18, signal_stop = 19, signal_terminal_stop = 20;
constexpr Word flag_info = 4, flag_no_child_stop = 1, flag_on_stack = 0x08000000,
               flag_restart = 0x10000000, flag_no_defer = 0x40000000, flag_reset = 0x80000000;
constexpr std::int32_t error_interrupted = -4, error_no_child = -10, error_no_process = -3,
                       error_invalid = -22;

struct OldAction { Word handler, mask, flags, restorer; };
struct Action { Word handler, flags, restorer, mask, mask_high; };
struct Time { Word seconds, fraction; };

/// As klibc does: the old call, no restorer.
inline std::int32_t handle (Word signal, void (*handler) (int), Word flags = 0, Word mask = 0)
{
    OldAction const action { at (handler), mask, flags, 0 };
    return call (number_sigaction, signal, at (&action));
}
inline std::int32_t handle (Word signal, Word handler)
{
    OldAction const action { handler, 0, 0, 0 };
    return call (number_sigaction, signal, at (&action));
}

inline void sleep_milliseconds (Word milliseconds)
{
    Time const time { milliseconds / 1000, milliseconds % 1000 * 1'000'000 };
    call (number_nanosleep, at (&time));
}

}  // namespace linux_i386

/// Each program's own.
void run ();

extern "C" [[noreturn, gnu::used]] inline void begin ()
{
    run ();
    linux_i386::leave (linux_i386::failures);
}

asm (".globl _start\n_start: andl $-16, %esp\n\tcall begin\n");
