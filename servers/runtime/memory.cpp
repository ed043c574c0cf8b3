// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the compiler and the headers of the standard library call on their own.
#include <cstddef>
#include <string_view>

extern "C" {

void* memcpy (void* to, void const* from, std::size_t bytes)
{
    void* const result = to;
    std::size_t words = bytes / 4;
    std::size_t rest = bytes % 4;
    asm volatile ("rep movsl" : "+D" (to), "+S" (from), "+c" (words) : : "memory");
    asm volatile ("rep movsb" : "+D" (to), "+S" (from), "+c" (rest) : : "memory");
    return result;
}

void* memset (void* to, int value, std::size_t bytes)
{
    void* const result = to;
    std::size_t words = bytes / 4;
    std::size_t rest = bytes % 4;
    unsigned const pattern = 0x01010101u * static_cast<unsigned char> (value);
    asm volatile ("rep stosl" : "+D" (to), "+c" (words) : "a" (pattern) : "memory");
    asm volatile ("rep stosb" : "+D" (to), "+c" (rest) : "a" (pattern) : "memory");
    return result;
}

void* memmove (void* to, void const* from, std::size_t bytes)
{
    auto* const target = static_cast<char*> (to);
    auto const* const source = static_cast<char const*> (from);
    if (target <= source || target >= source + bytes)
        return memcpy (to, from, bytes);
    // Backwards byte by byte: rare, and overlapping areas forbid anything wider.
    for (std::size_t i = bytes; i > 0; --i) {
        target[i - 1] = source[i - 1];
        asm volatile ("" : : : "memory");       // keeps this from becoming a call to itself
    }
    return to;
}

int memcmp (void const* left, void const* right, std::size_t bytes)
{
    auto const* const a = static_cast<unsigned char const*> (left);
    auto const* const b = static_cast<unsigned char const*> (right);
    for (std::size_t i = 0; i < bytes; ++i)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

void* memchr (void const* area, int value, std::size_t bytes)
{
    auto const* const text = static_cast<unsigned char const*> (area);
    for (std::size_t i = 0; i < bytes; ++i)
        if (text[i] == static_cast<unsigned char> (value))
            return const_cast<unsigned char*> (text + i);
    return nullptr;
}

std::size_t strlen (char const* text)
{
    std::size_t length = 0;
    while (text[length] != '\0') {
        ++length;
        asm volatile ("" : : : "memory");       // keeps this from becoming a call to itself
    }
    return length;
}

}  // extern "C"

// Positions beyond the end of a std::string_view are a bug of the program: it stops here.
[[noreturn]] void std::__throw_out_of_range_fmt (char const*, ...)
{
    __builtin_trap ();
}
