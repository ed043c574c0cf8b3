// SPDX-License-Identifier: BSD-2-Clause
/// @file  Works for `steady N` rounds, or for ever without a number, and ends at once with status 1
///        if anything goes wrong: its own memory, and a child whose end it waits for.
#include "trial.hpp"

using namespace trial;

namespace {

constexpr unsigned count = 4096;
unsigned volatile memory[count];

bool is_right (unsigned seed)
{
    for (unsigned i = 0; i < count; ++i)
        if (memory[i] != i * seed)
            return false;
    return true;
}

bool do_round (unsigned seed)
{
    for (unsigned i = 0; i < count; ++i)
        memory[i] = i * seed;
    End const child = in_child ([seed] {
        memory[1] = 0;
        return static_cast<int> (seed & 0x7F);
    });
    return !child.hung && child.status == static_cast<int> (seed & 0x7F) << 8 && is_right (seed);
}

unsigned number_of (char const* text)
{
    unsigned number = 0;
    for (; text != nullptr && *text >= '0' && *text <= '9'; ++text)
        number = number * 10 + static_cast<unsigned> (*text - '0');
    return number;
}

}  // namespace

int run (char** arguments)
{
    unsigned const rounds = number_of (arguments[1]);
    for (unsigned round = 0; rounds == 0 || round < rounds; ++round)
        if (!do_round (round * 2654435761u + 1))
            return 1;
    return 0;
}
