// SPDX-License-Identifier: BSD-2-Clause
/// @file  Linux/i386 system-call numbers, and the structures that the calls here use.
///
/// Source: Linux, arch/x86/entry/syscalls/syscall_32.tbl; asm/ldt.h, sys/uio.h, sys/utsname.h.
#pragma once

#include <l4/word.hpp>

namespace unix_server {

using l4::Address;
using l4::Word;

enum class SystemCall : Word {
    exit = 1,
    fork = 2,
    read = 3,
    write = 4,
    open = 5,
    close = 6,
    waitpid = 7,
    execve = 11,
    time = 13,
    getpid = 20,
    getuid = 24,
    alarm = 27,
    pause = 29,
    kill = 37,
    times = 43,
    brk = 45,
    getgid = 47,
    geteuid = 49,
    getegid = 50,
    ioctl = 54,
    getppid = 64,
    sigaction = 67,
    sigsuspend = 72,
    sigpending = 73,
    getrusage = 77,
    gettimeofday = 78,
    munmap = 91,
    setitimer = 104,
    getitimer = 105,
    wait4 = 114,
    sigreturn = 119,
    uname = 122,
    mprotect = 125,
    sigprocmask = 126,
    writev = 146,
    sched_yield = 158,
    nanosleep = 162,
    rt_sigreturn = 173,
    rt_sigaction = 174,
    rt_sigprocmask = 175,
    rt_sigpending = 176,
    rt_sigsuspend = 179,
    sigaltstack = 186,
    vfork = 190,
    mmap2 = 192,
    getuid32 = 199,
    getgid32 = 200,
    geteuid32 = 201,
    getegid32 = 202,
    gettid = 224,
    tkill = 238,
    set_thread_area = 243,
    exit_group = 252,
    set_tid_address = 258,
    clock_gettime = 265,
    clock_getres = 266,
    clock_nanosleep = 267,
    tgkill = 270,
    clock_gettime64 = 403,
    clock_getres64 = 406,
    clock_nanosleep64 = 407,
};

/// The vector of `int 80h`.
constexpr Word system_call_vector = 0x80;

/// Argument of set_thread_area.
struct UserDescriptor {
    Word entry;                     ///< FFFFFFFFh: choose one
    Address base;
    Word limit;                     ///< in bytes, or pages by the flag
    Word flags;

    static constexpr Word is_32_bit = 1;
    static constexpr Word contents = 3 << 1;        ///< 0: data, growing up
    static constexpr Word read_only = 1 << 3;
    static constexpr Word in_pages = 1 << 4;
    static constexpr Word not_present = 1 << 5;
};

struct IoVector {
    Address base;
    Word size;
};

/// Result of uname: six strings.
struct SystemName {
    static constexpr std::size_t length = 65;
    char system[length];
    char node[length];
    char release[length];
    char version[length];
    char machine[length];
    char domain[length];
};

namespace mapping {

constexpr Word read = 1;            ///< protection
constexpr Word write = 2;
constexpr Word execute = 4;
constexpr Word shared = 1;          ///< flags
constexpr Word is_private = 2;
constexpr Word fixed = 0x10;
constexpr Word anonymous = 0x20;

}  // namespace mapping

namespace waiting {

constexpr Word no_hang = 1;
constexpr Word stopped = 2;             ///< WUNTRACED
constexpr Word continued = 8;
constexpr Word of_threads = 0xE0000000; ///< whose children they are: there are no threads here
constexpr Word known = no_hang | stopped | continued | of_threads;

}  // namespace waiting

static_assert (sizeof (UserDescriptor) == 16 && sizeof (IoVector) == 8);
static_assert (sizeof (SystemName) == 390);

}  // namespace unix_server
