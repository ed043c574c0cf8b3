// SPDX-License-Identifier: BSD-2-Clause
/// @file  Children that take all there is: processes, memory, descriptors. They get errors, or are
///        killed; afterwards everything is there again. The witness must not notice anything.
#include "trial.hpp"

using namespace trial;

namespace {

constexpr long error_again = -11, error_no_memory = -12, error_no_descriptor = -24;
constexpr long private_anonymous = 0x22, read_write = 3;
constexpr long page = 4096;

/// Forks until that is refused; the children wait until they are killed. @return how many
int fork_all (long (&children)[256])
{
    static constexpr struct { long seconds, nanoseconds; } long_time { 1000, 0 };
    int count = 0;
    while (count < 256) {
        long const child = system_call (number::fork);
        if (child == 0)
            for (;;)
                system_call (number::nanosleep, address (&long_time));
        if (child < 0)
            return child == error_again || child == error_no_memory ? count : -1;
        children[count++] = child;
    }
    return -1;
}

/// Processes until there are no more; then they are killed. @return how many there were
int fork_bomb ()
{
    static long children[256];
    int const count = fork_all (children);
    for (int i = 0; i < count; ++i) {
        system_call (number::kill, children[i], killed);
        system_call (number::waitpid, children[i], 0, 0);
    }
    return count < 0 ? 255 : count;
}

/// Children have children, and nobody waits. Whoever cannot fork ends.
int bomb_of_generations ()
{
    while (system_call (number::fork) >= 0)
        continue;
    return 1;
}

long map (long size)
{
    return system_call (number::mmap2, 0, size, read_write, private_anonymous, -1);
}

bool is_error (long result) { return result < 0 && result > -4096; }

int touch_memory ()
{
    for (;;) {
        long const begin = map (64 * page);
        if (is_error (begin))
            return begin == error_no_memory ? 0 : 1;
        for (long at = 0; at < 64; ++at)
            *reinterpret_cast<char volatile*> (begin + at * page) = 1;
    }
}

int reserve_memory ()
{
    for (long size = 0x40000000; size >= page; size /= 2)
        for (;;) {
            long const begin = map (size);
            if (is_error (begin)) {
                if (begin != error_no_memory)
                    return 1;
                break;
            }
        }
    return 0;
}

int small_mappings ()
{
    for (int i = 0; i < 10'000; ++i) {
        long const begin = map (3 * page);
        if (is_error (begin))
            return begin == error_no_memory ? 0 : 1;
        constexpr long munmap = 91;
        if (long const error = system_call (munmap, begin + page, page); error != 0)
            return error == error_no_memory ? 0 : 1;
    }
    return 0;
}

int duplicate_descriptors ()
{
    for (int i = 0; i < 100'000; ++i)
        if (long const error = system_call (number::dup, 1); error < 0)
            return error == error_no_descriptor ? 0 : 1;
    return 2;
}

int open_pipes ()
{
    for (int i = 0; i < 100'000; ++i) {
        int ends[2];
        constexpr long error_no_file = -23;
        if (long const error = system_call (number::pipe, address (ends)); error < 0)
            return error == error_no_descriptor || error == error_no_file ? 0 : 1;
    }
    return 2;
}

bool ended_well (End const& end) { return !end.hung && end.status == 0; }

}  // namespace

int run (char**)
{
    Report report;
    Witness witness;
    if (!report.check (witness.start (), "the witness begins"))
        return 1;
    auto const attempt = [&] (std::string_view name, int (*work) (), bool may_be_killed) {
        End const end = in_child (work);
        bool const was_killed = end.by_signal () && end.signal () == killed;
        report.check_end (ended_well (end) || (may_be_killed && was_killed), name, end);
        report.check (witness.goes_on (), "the witness goes on");
    };

    int const most = in_child (fork_bomb).code ();
    report.check (most >= 4 && most < 255, "a process gets EAGAIN when there are no more");
    report.check (witness.goes_on (), "the witness goes on");
    report.check (in_child (fork_bomb).code () == most, "as many are there again");
    attempt ("memory: every page touched", touch_memory, true);
    attempt ("memory: every page touched, again", touch_memory, true);
    attempt ("memory: as much as can be reserved", reserve_memory, true);
    attempt ("memory: thousands of small mappings", small_mappings, true);
    attempt ("descriptors", duplicate_descriptors, false);
    attempt ("pipes", open_pipes, false);
    in_child (bomb_of_generations);
    report.check (witness.goes_on (), "generations of children: the witness goes on");
    witness.stop ();
    return report.failures ();
}
