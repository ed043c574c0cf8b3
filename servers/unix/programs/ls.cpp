// SPDX-License-Identifier: BSD-2-Clause
/// @file  Lists directories, in the order in which they are, hidden files as well.
#include "linux.hpp"

using namespace linux_program;

namespace {

/// As the kernel answers a getdents64; the name follows.
struct Entry {
    std::uint64_t node;
    std::int64_t next;
    std::uint16_t length;
    std::uint8_t type;
    char name[1];
};
static_assert (offsetof (Entry, name) == 19);

long list (char const* path)
{
    alignas (8) static char buffer[4096];
    int const file = open (path, read_only);
    if (file < 0)
        return file;
    long size;
    while ((size = call (Call::getdents64, file, address (buffer), sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            auto const& entry = *reinterpret_cast<Entry const*> (buffer + at);
            std::string_view const name { entry.name };
            if (name != "." && name != "..") {
                write (standard_output, name);
                write (standard_output, "\n");
            }
            at += entry.length;
        }
    close (file);
    return size;
}

}  // namespace

int run (char** arguments)
{
    if (arguments[1] != nullptr)
        return for_each_path (arguments, list);
    long const error = list (".");
    if (error < 0)
        complain (arguments[0], ".", error);
    return error < 0 ? 1 : 0;
}
