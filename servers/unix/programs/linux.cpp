// SPDX-License-Identifier: BSD-2-Clause
#include "linux.hpp"

// The compiler calls these by itself.
extern "C" void* memcpy (void* to, void const* from, std::size_t size)
{
    void* const result = to;
    asm volatile ("rep movsb" : "+D" (to), "+S" (from), "+c" (size) : : "memory");
    return result;
}

extern "C" void* memset (void* to, int value, std::size_t size)
{
    void* const result = to;
    asm volatile ("rep stosb" : "+D" (to), "+c" (size) : "a" (value) : "memory");
    return result;
}

extern "C" int memcmp (void const* left, void const* right, std::size_t size)
{
    auto const* const a = static_cast<unsigned char const*> (left);
    auto const* const b = static_cast<unsigned char const*> (right);
    for (std::size_t i = 0; i < size; ++i)
        if (a[i] != b[i])
            return a[i] - b[i];
    return 0;
}

extern "C" std::size_t strlen (char const* text)
{
    std::size_t length = 0;
    while (text[length] != '\0')
        ++length;
    return length;
}

namespace linux_program {

namespace {

std::string_view text_of (long error)
{
    switch (-error) {
    case 1: return "Operation not permitted";
    case 2: return "No such file or directory";
    case 12: return "Out of memory";
    case 13: return "Permission denied";
    case 17: return "File exists";
    case 20: return "Not a directory";
    case 21: return "Is a directory";
    case 22: return "Invalid argument";
    case 28: return "No space left on device";
    case 38: return "Function not implemented";
    case 39: return "Directory not empty";
    default: return "Error";
    }
}

}  // namespace

void complain (std::string_view program, std::string_view path, long error)
{
    for (std::string_view const part : { program, std::string_view { ": " }, path,
                                         std::string_view { ": " }, text_of (error),
                                         std::string_view { "\n" } })
        write (standard_error, part);
}

void write_number (unsigned long number, std::size_t width)
{
    char text[20];
    std::size_t at = sizeof text;
    do {
        text[--at] = static_cast<char> ('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (sizeof text - at < width && at != 0)
        text[--at] = ' ';
    write (standard_output, { text + at, sizeof text - at });
}

long copy (int from, int to)
{
    static char buffer[4096];
    for (;;) {
        long const size = read (from, buffer, sizeof buffer);
        if (size <= 0)
            return size;
        if (long const error = write (to, buffer, static_cast<std::size_t> (size)); error < 0)
            return error;
    }
}

}  // namespace linux_program
