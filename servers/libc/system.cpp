// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the C library wants from a system: memory, output, the end. No files.
#include <cstddef>

#include <runtime/exit.hpp>
#include <runtime/layout.hpp>
#include <runtime/print.hpp>

namespace {

using l4::Address;

constexpr int standard_output = 1;
constexpr int standard_error = 2;
constexpr int error_no_memory = 12;         // ENOMEM, EBADF and ENOSYS of the C library
constexpr int error_bad_file = 9;
constexpr int error_no_system_call = 88;

constinit Address heap_end = rt::layout::anonymous_begin;

}  // namespace

extern "C" {

int* __errno ();

/// Demand-zero memory, as far as the layout goes.
void* sbrk (std::ptrdiff_t bytes)
{
    Address const before = heap_end;
    Address const after = before + static_cast<Address> (bytes);
    if (after < rt::layout::anonymous_begin || after > rt::layout::anonymous_end) {
        *__errno () = error_no_memory;
        return reinterpret_cast<void*> (-1);
    }
    heap_end = after;
    return reinterpret_cast<void*> (before);
}

int write (int file, void const* text, std::size_t bytes)
{
    if (file != standard_output && file != standard_error) {
        *__errno () = error_bad_file;
        return -1;
    }
    rt::write ({ static_cast<char const*> (text), bytes });
    return static_cast<int> (bytes);
}

[[noreturn]] void _exit (int status) { rt::exit (status); }

int read (int, void*, std::size_t) { return 0; }        // the end of the file
int isatty (int file) { return file <= standard_error; }
int getpid () { return 1; }

/// A file of unknown kind: the library asks its buffer's size from this.
int fstat (int, void*)
{
    *__errno () = error_bad_file;
    return -1;
}

int close (int) { return 0; }
long lseek (int, long, int) { return 0; }

int kill (int, int)
{
    *__errno () = error_no_system_call;
    return -1;
}

}  // extern "C"
