// SPDX-License-Identifier: BSD-2-Clause
/// @file  The functions that the compiler calls by itself, for images without a C library.
///
/// String instructions: short, and on the 486 as fast as any loop. Hot copies (messages) have
/// their own code per processor model. Written as assembly, because the compiler would recognise
/// a loop and replace it by a call to the very function it stands in.
#include <cstddef>

extern "C" {

void* memcpy (void* destination, void const* source, std::size_t size);
void* memmove (void* destination, void const* source, std::size_t size);
void* memset (void* destination, int value, std::size_t size);
int memcmp (void const* left, void const* right, std::size_t size);
std::size_t strlen (char const* text);

void* memcpy (void* destination, void const* source, std::size_t size)
{
    void* to = destination;
    std::size_t words = size / 4;
    std::size_t const rest = size % 4;
    asm volatile ("rep movsl\n\t"
                  "mov %3, %%ecx\n\t"
                  "rep movsb"
                  : "+D"(to), "+S"(source), "+c"(words)
                  : "r"(rest)
                  : "memory");
    return destination;
}

void* memmove (void* destination, void const* source, std::size_t size)
{
    auto* to = static_cast<char*> (destination);
    auto const* from = static_cast<char const*> (source);
    // Upwards is right unless the destination begins inside the source.
    if (to <= from || to >= from + size)
        return memcpy (destination, source, size);
    to += size - 1;
    from += size - 1;
    asm volatile ("std\n\t"
                  "rep movsb\n\t"
                  "cld"
                  : "+D"(to), "+S"(from), "+c"(size)
                  :
                  : "memory");
    return destination;
}

void* memset (void* destination, int value, std::size_t size)
{
    void* to = destination;
    std::size_t words = size / 4;
    std::size_t const rest = size % 4;
    asm volatile ("rep stosl\n\t"
                  "mov %3, %%ecx\n\t"
                  "rep stosb"
                  : "+D"(to), "+c"(words)
                  : "a"((static_cast<unsigned> (value) & 0xFF) * 0x01010101u), "r"(rest)
                  : "memory");
    return destination;
}

int memcmp (void const* left, void const* right, std::size_t size)
{
    auto const* a = static_cast<unsigned char const*> (left);
    auto const* b = static_cast<unsigned char const*> (right);
    for (; size != 0; --size, ++a, ++b)
        if (*a != *b)
            return *a - *b;
    return 0;
}

std::size_t strlen (char const* text)
{
    auto const* end = text;
    while (*end != '\0') {
        ++end;
        asm ("" : "+r"(end));       // or the compiler sees strlen in this loop
    }
    return static_cast<std::size_t> (end - text);
}

}  // extern "C"
