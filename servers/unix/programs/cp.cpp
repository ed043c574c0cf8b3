// SPDX-License-Identifier: BSD-2-Clause
/// @file  Copies a file and its permissions: cp FROM TO.
#include "linux.hpp"

using namespace linux_program;

namespace {

constexpr int permissions = 07777;

long copy_file (char const* from_path, char const* to_path)
{
    Status status;
    if (long const error = call (Call::stat64, address (from_path), address (&status)); error < 0)
        return error;
    int const from = open (from_path, read_only);
    if (from < 0)
        return from;
    int const to = open (to_path, write_only | create | truncate,
                         static_cast<int> (status.mode & permissions));
    if (to < 0)
        return to;
    return copy (from, to);
}

}  // namespace

int run (char** arguments)
{
    if (arguments[1] == nullptr || arguments[2] == nullptr || arguments[3] != nullptr) {
        write (standard_error, "usage: cp FROM TO\n");
        return 2;
    }
    long const error = copy_file (arguments[1], arguments[2]);
    if (error < 0)
        complain (arguments[0], arguments[1], error);
    return error < 0 ? 1 : 0;
}
