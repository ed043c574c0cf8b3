// SPDX-License-Identifier: BSD-2-Clause
/// @file  Sets permissions: chmod OCTAL FILE...
#include "linux.hpp"

using namespace linux_program;

int run (char** arguments)
{
    long mode = 0;
    for (char const* digit = arguments[1]; digit != nullptr && *digit != '\0'; ++digit) {
        if (*digit < '0' || *digit > '7') {
            complain (arguments[0], arguments[1], -22);
            return 2;
        }
        mode = mode * 8 + (*digit - '0');
    }
    if (arguments[1] == nullptr)
        return 2;
    arguments[1] = arguments[0];
    return for_each_path (arguments + 1, [mode] (char const* path) {
        return call (Call::chmod, address (path), mode);
    });
}
