// SPDX-License-Identifier: BSD-2-Clause
/// @file  Pointers to nowhere in every system call. The calls that are listed must answer EFAULT;
///        all numbers get all kinds of arguments, and may answer whatever they like, or end the
///        process. The witness must not notice anything.
#include "trial.hpp"

using namespace trial;

namespace {

constexpr long error_fault = -14;
// What stands in the table for the pointer to nowhere, and for a good path.
constexpr long wild = -0x5A5A5A5A, path = -0x5A5A5A5B;

/// A call with a pointer in it, and good values elsewhere.
struct PointerCall {
    std::string_view name;
    long number;
    long arguments[5];
};

constexpr PointerCall pointer_calls[] {
    { "read", 3, { 4, wild, 16 } },
    { "write", 4, { 5, wild, 16 } },
    { "open", 5, { wild, 0, 0 } },
    { "waitpid of a child", 7, { -1, wild, 0 } },
    { "creat", 8, { wild, 0600 } },
    { "link", 9, { wild, wild } },
    { "unlink", 10, { wild } },
    { "execve", 11, { wild, 0, 0 } },
    { "execve's arguments", 11, { path, wild, 0 } },
    { "chdir", 12, { wild } },
    { "chmod", 15, { wild, 0600 } },
    { "access", 33, { wild, 0 } },
    { "rename", 38, { wild, wild } },
    { "mkdir", 39, { wild, 0700 } },
    { "rmdir", 40, { wild } },
    { "pipe", 42, { wild } },
    { "times", 43, { wild } },
    { "sigaction", 67, { 10, wild, 0 } },
    { "sigaction's old one", 67, { 10, 0, wild } },
    { "gettimeofday", 78, { wild, 0 } },
    { "symlink", 83, { wild, wild } },
    { "readlink", 85, { wild, wild, 16 } },
    { "wait4", 114, { -1, wild, 0, 0 } },
    { "uname", 122, { wild } },
    { "sigprocmask", 126, { 0, wild, 0 } },
    { "writev", 146, { 5, wild, 1 } },
    { "nanosleep", 162, { wild, 0 } },
    { "rt_sigaction", 174, { 10, wild, 0, 8 } },
    { "rt_sigprocmask", 175, { 0, wild, 0, 8 } },
    { "getcwd", 183, { wild, 100 } },
    { "stat64", 195, { wild, wild } },
    { "stat64's result", 195, { path, wild } },
    { "lstat64", 196, { wild, wild } },
    { "fstat64", 197, { 4, wild } },
    { "set_thread_area", 243, { wild } },
    { "clock_gettime", 265, { 0, wild } },
    { "openat", 295, { -100, wild, 0, 0 } },
    { "mkdirat", 296, { -100, wild, 0700 } },
    { "pipe2", 331, { wild, 0 } },
};

/// Where no process has anything: below, between, the server's, the kernel's, the last byte.
constexpr long nowhere[] { 1, 0x20000000, -0x40000000, -0x10000000, -1, -4096 };
/// Together with these all that the calls get by their number.
constexpr long strange[] { 0, -0x40002000, -0x40001004, 0x7FFFFFFF, -0x7FFFFFFF - 1 };

/// A pipe whose ends are 4 and 5, behind the witness, with something in it.
void prepare ()
{
    int ends[2];
    system_call (number::pipe, address (ends));
    write (ends[1], "0123456789abcdefghijklmnopqrstuvwxyz");
}

/// @return how many of the places got another answer
int try_pointers (PointerCall const& call)
{
    prepare ();
    int wrong = 0;
    for (long const place : nowhere) {
        if (call.number == 7 || call.number == 114)
            if (system_call (number::fork) == 0)
                exit (0);
        long values[5];
        for (int i = 0; i < 5; ++i)
            values[i] = call.arguments[i] == wild   ? place
                        : call.arguments[i] == path ? address ("/bin/hello")
                                                    : call.arguments[i];
        wrong += system_call (call.number, values[0], values[1], values[2], values[3], values[4])
                 != error_fault;
    }
    return wrong;
}

/// Calls that end, stop or reach other processes by design.
bool is_left_out (long call)
{
    constexpr long exit_call = 1, fork = 2, vfork = 190, exit_group = 252, clone = 120, kill = 37,
                   tkill = 238, tgkill = 270, reboot = 88, clone3 = 435, sigqueue = 178;
    for (long const one : { exit_call, fork, vfork, exit_group, clone, kill, tkill, tgkill, reboot,
                            clone3, sigqueue })
        if (call == one)
            return true;
    return false;
}

int try_number (long call)
{
    prepare ();
    auto const all = [call] (long value) {
        system_call (call, value, value, value, value, value);
        system_call (call, 1, value, value, value, value);
        system_call (call, value, 16, value, 1, 1);
    };
    for (long const value : nowhere)
        all (value);
    for (long const value : strange)
        all (value);
    return 0;
}

}  // namespace

int run (char**)
{
    constexpr long last_number = 460;
    Report report;
    Witness witness;
    if (!report.check (witness.start (), "the witness begins"))
        return 1;
    for (PointerCall const& call : pointer_calls) {
        End const end = in_child ([&] { return try_pointers (call); });
        report.check_end (!end.hung && end.status == 0, call.name, end);
    }
    report.check (witness.goes_on (), "the witness goes on");
    for (long call = 0; call <= last_number; ++call) {
        if (is_left_out (call))
            continue;
        in_child ([&] { return try_number (call); });
        if (!witness.goes_on ()) {
            report.check (false, "the witness goes on");
            write_number (static_cast<unsigned long> (call), 0);
        }
    }
    report.check (witness.goes_on (), "all numbers: the witness goes on");
    witness.stop ();
    return report.failures ();
}
