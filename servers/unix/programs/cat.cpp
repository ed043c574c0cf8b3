// SPDX-License-Identifier: BSD-2-Clause
/// @file  Prints files, or its input.
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    if (arguments[1] == nullptr)
        return copy (standard_input, standard_output) < 0 ? 1 : 0;
    return for_each_path (arguments, [] (char const* path) -> long {
        int const file = open (path, read_only);
        if (file < 0)
            return file;
        long const error = copy (file, standard_output);
        close (file);
        return error;
    });
}
