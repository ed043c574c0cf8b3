// SPDX-License-Identifier: BSD-2-Clause
/// @file  Linux/i386 for small programs of our own: system calls by `int 80h`, no library.
///        They run on Linux as well as on the Unix server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace linux_program {

constexpr int standard_input = 0, standard_output = 1, standard_error = 2;

enum OpenFlag : int { read_only = 0, write_only = 1, create = 0100, truncate = 01000 };

/// Numbers of calls that these programs make.
enum class Call : long {
    exit = 1, read = 3, write = 4, open = 5, close = 6, unlink = 10, chmod = 15, rename = 38,
    mkdir = 39, rmdir = 40, stat64 = 195, getdents64 = 220,
};

/// @return what the kernel says: below 0 and above -4096 it is an error
inline long call (Call number, long first = 0, long second = 0, long third = 0)
{
    long result;
    asm volatile ("int $0x80"
                  : "=a" (result)
                  : "a" (number), "b" (first), "c" (second), "d" (third)
                  : "memory");
    return result;
}

inline long address (void const* pointer) { return reinterpret_cast<long> (pointer); }

[[noreturn]] inline void exit (int status)
{
    for (;;)
        call (Call::exit, status);
}

inline int open (char const* path, int flags, int mode = 0)
{
    return static_cast<int> (call (Call::open, address (path), flags, mode));
}

inline long read (int file, void* to, std::size_t size)
{
    return call (Call::read, file, address (to), static_cast<long> (size));
}

inline void close (int file) { call (Call::close, file); }

/// All of it. @return 0 or an error
inline long write (int file, void const* from, std::size_t size)
{
    auto const* at = static_cast<char const*> (from);
    while (size != 0) {
        long const done = call (Call::write, file, address (at), static_cast<long> (size));
        if (done < 0)
            return done;
        at += done;
        size -= static_cast<std::size_t> (done);
    }
    return 0;
}

inline long write (int file, std::string_view text)
{
    return write (file, text.data (), text.size ());
}

/// As the kernel answers a stat64.
struct Status {
    std::uint8_t before_mode[16];
    std::uint32_t mode, links, uid, gid;
    std::uint8_t before_size[12];
    std::uint64_t size;
    std::uint8_t rest[44];

    [[nodiscard]] bool is_directory () const { return (mode & 0170000) == 0040000; }
};
static_assert (offsetof (Status, size) == 44 && sizeof (Status) == 96);

/// "program: path: what is wrong" on standard error.
void complain (std::string_view program, std::string_view path, long error);

/// Decimal digits, at least `width` characters of them and blanks.
void write_number (unsigned long number, std::size_t width);

/// Copy what is left of one file into another. @return 0 or an error
long copy (int from, int to);

/// Call `work (path)` for every argument behind the program's name; errors are complained about.
/// @return the program's status: 0, or 1 if there was an error
template <typename Work>
int for_each_path (char** arguments, Work work)
{
    int status = 0;
    for (char** path = arguments + 1; *path != nullptr; ++path)
        if (long const error = work (*path); error < 0) {
            complain (arguments[0], *path, error);
            status = 1;
        }
    return status;
}

}  // namespace linux_program

/// What a program has instead of `main`: its arguments end with a null. The result is its status.
extern "C" int run (char** arguments);
