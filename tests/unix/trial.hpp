// SPDX-License-Identifier: BSD-2-Clause
/// @file  What programs that try things in child processes share. A child has a second to end;
///        then it is killed. Beside all of it the witness computes, and must never be wrong.
#pragma once

#include <unix/programs/linux.hpp>

namespace trial {

using namespace linux_program;

enum Signal : int { illegal = 4, killed = 9, segmentation_fault = 11, bad_system_call = 31 };

/// How a child ended.
struct End {
    bool hung { false };            ///< and was killed
    int status { 0 };               ///< as wait4 says

    [[nodiscard]] bool by_signal () const { return !hung && (status & 0x7F) != 0; }
    [[nodiscard]] int signal () const { return status & 0x7F; }
    [[nodiscard]] int code () const { return status >> 8 & 0xFF; }
};

long system_call (long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0);

/// Run `work` in a child, whose status is what it returns.
template <typename Work>
End in_child (Work work);

End wait_for (long child);

/// A process that computes checksums of its memory, all the while.
class Witness {
public:
    /// @return false: it could not be started
    [[nodiscard]] bool start ();
    /// Whether it has computed another one, and none was wrong.
    [[nodiscard]] bool goes_on ();
    void stop ();

private:
    [[noreturn]] static void compute (int report);

    long process_ { 0 };
    int reports_ { -1 };
};

/// Say "ok NAME" or "not ok NAME", and count the latter.
class Report {
public:
    bool check (bool good, std::string_view name, std::string_view what = {});
    /// The same for a child's end, which is told if it is not good.
    bool check_end (bool good, std::string_view name, End const& end);
    [[nodiscard]] int failures () const { return failures_; }

private:
    int failures_ { 0 };
};

namespace number {

enum : long {
    fork = 2, waitpid = 7, execve = 11, getpid = 20, kill = 37, dup = 41, pipe = 42,
    nanosleep = 162, mmap2 = 192,
};

}  // namespace number

template <typename Work>
End in_child (Work work)
{
    long const child = system_call (number::fork);
    if (child == 0)
        exit (work ());
    return child < 0 ? End { .hung = false, .status = 0xFE00 } : wait_for (child);
}

}  // namespace trial
