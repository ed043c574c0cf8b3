// SPDX-License-Identifier: BSD-2-Clause
/// @file  Prints its arguments.
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    for (char** word = arguments + 1; *word != nullptr; ++word) {
        write (standard_output, *word);
        if (word[1] != nullptr)
            write (standard_output, " ");
    }
    write (standard_output, "\n");
    return 0;
}
