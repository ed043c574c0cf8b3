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
    creat = 8,
    link = 9,
    unlink = 10,
    execve = 11,
    chdir = 12,
    time = 13,
    mknod = 14,
    chmod = 15,
    lseek = 19,
    getpid = 20,
    setuid = 23,
    getuid = 24,
    alarm = 27,
    pause = 29,
    utime = 30,
    access = 33,
    sync = 36,
    kill = 37,
    rename = 38,
    mkdir = 39,
    rmdir = 40,
    dup = 41,
    pipe = 42,
    times = 43,
    brk = 45,
    setgid = 46,
    getgid = 47,
    geteuid = 49,
    getegid = 50,
    ioctl = 54,
    fcntl = 55,
    setpgid = 57,
    umask = 60,
    dup2 = 63,
    getppid = 64,
    getpgrp = 65,
    setsid = 66,
    sigaction = 67,
    setreuid = 70,
    setregid = 71,
    sigsuspend = 72,
    sigpending = 73,
    setrlimit = 75,
    getrlimit = 76,
    getrusage = 77,
    gettimeofday = 78,
    getgroups = 80,
    setgroups = 81,
    old_select = 82,
    symlink = 83,
    readlink = 85,
    munmap = 91,
    truncate = 92,
    ftruncate = 93,
    fchmod = 94,
    getpriority = 96,
    setpriority = 97,
    statfs = 99,
    fstatfs = 100,
    setitimer = 104,
    getitimer = 105,
    stat = 106,
    lstat = 107,
    fstat = 108,
    wait4 = 114,
    fsync = 118,
    sigreturn = 119,
    clone = 120,
    uname = 122,
    mprotect = 125,
    sigprocmask = 126,
    getpgid = 132,
    fchdir = 133,
    llseek = 140,
    getdents = 141,
    select = 142,
    readv = 145,
    writev = 146,
    getsid = 147,
    fdatasync = 148,
    sched_yield = 158,
    nanosleep = 162,
    setresuid = 164,
    getresuid = 165,
    poll = 168,
    setresgid = 170,
    getresgid = 171,
    prctl = 172,
    rt_sigreturn = 173,
    rt_sigaction = 174,
    rt_sigprocmask = 175,
    rt_sigpending = 176,
    rt_sigsuspend = 179,
    pread64 = 180,
    pwrite64 = 181,
    getcwd = 183,
    sigaltstack = 186,
    sendfile = 187,
    vfork = 190,
    ugetrlimit = 191,
    mmap2 = 192,
    truncate64 = 193,
    ftruncate64 = 194,
    stat64 = 195,
    lstat64 = 196,
    fstat64 = 197,
    lchown32 = 198,
    getuid32 = 199,
    getgid32 = 200,
    geteuid32 = 201,
    getegid32 = 202,
    setreuid32 = 203,
    setregid32 = 204,
    getgroups32 = 205,
    setgroups32 = 206,
    fchown32 = 207,
    setresuid32 = 208,
    getresuid32 = 209,
    setresgid32 = 210,
    getresgid32 = 211,
    chown32 = 212,
    setuid32 = 213,
    setgid32 = 214,
    getdents64 = 220,
    fcntl64 = 221,
    gettid = 224,
    tkill = 238,
    sendfile64 = 239,
    set_thread_area = 243,
    exit_group = 252,
    set_tid_address = 258,
    clock_gettime = 265,
    clock_getres = 266,
    clock_nanosleep = 267,
    statfs64 = 268,
    fstatfs64 = 269,
    tgkill = 270,
    utimes = 271,
    openat = 295,
    mkdirat = 296,
    mknodat = 297,
    fchownat = 298,
    fstatat64 = 300,
    unlinkat = 301,
    renameat = 302,
    linkat = 303,
    symlinkat = 304,
    readlinkat = 305,
    fchmodat = 306,
    faccessat = 307,
    pselect6 = 308,
    ppoll = 309,
    set_robust_list = 311,
    utimensat = 320,
    dup3 = 330,
    pipe2 = 331,
    prlimit64 = 340,
    renameat2 = 353,
    getrandom = 355,
    statx = 383,
    clock_gettime64 = 403,
    clock_getres64 = 406,
    clock_nanosleep64 = 407,
    utimensat_time64 = 412,
    faccessat2 = 439,
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

/// Flags of clone; the lowest byte is the signal at the child's end, for which SIGCHLD is taken.
namespace cloning {

constexpr Word share_memory = 0x100, holds_parent = 0x4000, tell_parent = 0x100000,
               clear_at_end = 0x200000, tell_child = 0x1000000;
constexpr Word known = 0xFF | holds_parent | tell_parent | clear_at_end | tell_child;

}  // namespace cloning

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
