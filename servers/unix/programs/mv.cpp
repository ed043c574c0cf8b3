// SPDX-License-Identifier: BSD-2-Clause
/// @file  Gives a file another name: mv OLD NEW.
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    if (arguments[1] == nullptr || arguments[2] == nullptr || arguments[3] != nullptr) {
        write (standard_error, "usage: mv OLD NEW\n");
        return 2;
    }
    long const error = call (Call::rename, address (arguments[1]), address (arguments[2]));
    if (error < 0)
        complain (arguments[0], arguments[1], error);
    return error < 0 ? 1 : 0;
}
