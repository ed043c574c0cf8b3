// SPDX-License-Identifier: BSD-2-Clause
#include "trial.hpp"

namespace trial {

namespace {

struct Time {
    long seconds, nanoseconds;
};

constexpr long no_hang = 1;
constexpr int most_waits = 100;
constexpr Time short_time { 0, 10'000'000 };

void rest ()
{
    system_call (number::nanosleep, address (&short_time), 0);
}

}  // namespace

long system_call (long number, long a, long b, long c, long d, long e)
{
    long result;
    asm volatile ("int $0x80"
                  : "=a" (result)
                  : "a" (number), "b" (a), "c" (b), "d" (c), "S" (d), "D" (e)
                  : "memory");
    return result;
}

End wait_for (long child)
{
    End end;
    for (int waits = 0; waits < most_waits; ++waits) {
        if (system_call (number::waitpid, child, address (&end.status), no_hang) != 0)
            return end;
        rest ();
    }
    end.hung = true;
    system_call (number::kill, child, killed);
    system_call (number::waitpid, child, address (&end.status), 0);
    return end;
}

bool Witness::start ()
{
    int ends[2];
    if (system_call (number::pipe, address (ends)) != 0)
        return false;
    process_ = system_call (number::fork);
    if (process_ == 0) {
        close (ends[0]);
        compute (ends[1]);
    }
    close (ends[1]);
    reports_ = ends[0];
    return process_ > 0;
}

void Witness::compute (int report)
{
    constexpr unsigned count = 16 * 1024;
    static unsigned volatile memory[count];         // so that each sum reads all of it
    unsigned expected = 0;
    for (unsigned i = 0; i < count; ++i) {
        unsigned const word = i * 2654435761u;
        memory[i] = word;
        expected = expected * 31 + word;
    }
    for (;;) {
        unsigned sum = 0;
        for (unsigned i = 0; i < count; ++i)
            sum = sum * 31 + memory[i];
        if (sum != expected || write (report, ".") != 0)
            exit (1);
    }
}

bool Witness::goes_on ()
{
    static char dots[4096];
    int status = 0;
    return read (reports_, dots, sizeof dots) > 0
           && system_call (number::waitpid, process_, address (&status), no_hang) == 0;
}

void Witness::stop ()
{
    system_call (number::kill, process_, killed);
    system_call (number::waitpid, process_, 0, 0);
}

bool Report::check (bool good, std::string_view name, std::string_view what)
{
    write (standard_output, good ? "ok " : "not ok ");
    write (standard_output, name);
    if (!good && !what.empty ()) {
        write (standard_output, ": ");
        write (standard_output, what);
    }
    write (standard_output, "\n");
    failures_ += !good;
    return good;
}

bool Report::check_end (bool good, std::string_view name, End const& end)
{
    if (!check (good, name)) {
        write (standard_output, end.hung ? "  hung" : end.by_signal () ? "  signal " : "  status ");
        if (!end.hung)
            write_number (static_cast<unsigned long> (end.by_signal () ? end.signal ()
                                                                       : end.code ()), 0);
        write (standard_output, "\n");
    }
    return good;
}

}  // namespace trial
