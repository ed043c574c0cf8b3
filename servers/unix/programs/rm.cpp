// SPDX-License-Identifier: BSD-2-Clause
/// @file  Removes files.
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    return for_each_path (arguments,
                          [] (char const* path) { return call (Call::unlink, address (path)); });
}
