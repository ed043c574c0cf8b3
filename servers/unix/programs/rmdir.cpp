// SPDX-License-Identifier: BSD-2-Clause
/// @file  Removes empty directories.
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    return for_each_path (arguments,
                          [] (char const* path) { return call (Call::rmdir, address (path)); });
}
