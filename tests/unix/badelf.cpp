// SPDX-License-Identifier: BSD-2-Clause
/// @file  A program that works, damaged in every byte of its headers, one after the other, and cut
///        off at every length: executing it is refused, or ends somehow; nobody else notices.
#include "trial.hpp"

using namespace trial;

namespace {

constexpr char const* good = "/bin/hello";
constexpr char const* bad = "/tmp/bad";
constexpr int headers = 52 + 2 * 32;
constexpr int refused = 126;

char image[8192];
long size;

bool load ()
{
    int const file = open (good, read_only);
    size = file < 0 ? file : read (file, image, sizeof image);
    close (file);
    return size > headers;
}

bool store (long length)
{
    int const file = open (bad, write_only | create | truncate, 0755);
    bool const stored = file >= 0 && write (file, image, static_cast<std::size_t> (length)) == 0;
    close (file);
    return stored;
}

End execute ()
{
    return in_child ([] {
        close (standard_output);
        static char const* const arguments[] { bad, nullptr };
        system_call (number::execve, address (bad), address (arguments), 0);
        return refused;
    });
}

}  // namespace

int run (char**)
{
    Report report;
    Witness witness;
    if (!report.check (load (), "the program is there")
        || !report.check (witness.start (), "the witness begins"))
        return 1;
    report.check (store (size) && execute ().code () == 1, "undamaged it runs");
    int kinds[3] {};
    auto const attempt = [&] {
        End const end = execute ();
        ++kinds[end.hung || end.by_signal () ? 0 : end.code () == refused ? 1 : 2];
        return witness.goes_on ();
    };
    bool all = true;
    for (int at = 0; at < headers && all; ++at) {
        char const before = image[at];
        for (int const value : { 0, 1, 0x7F, 0x80, 0xFF, before ^ 4 }) {
            image[at] = static_cast<char> (value);
            if (image[at] != before)
                all = all && store (size) && attempt ();
        }
        image[at] = before;
    }
    report.check (all, "damaged in every byte: the witness goes on");
    for (long length = 0; length < size && all; length += length < headers ? 1 : 64)
        all = store (length) && attempt ();
    report.check (all, "cut off everywhere: the witness goes on");
    report.check (kinds[1] > 100, "most are refused");
    report.check (store (size) && execute ().code () == 1, "undamaged it still runs");
    witness.stop ();
    return report.failures ();
}
