// SPDX-License-Identifier: BSD-2-Clause
/// @file  I/O ports. Without the right to a port, the access is an I/O fault.
#pragma once

#include <l4/word.hpp>

namespace rt {

[[nodiscard]] inline std::uint8_t in8 (l4::Word port)
{
    std::uint8_t value;
    asm volatile ("inb %w1, %0" : "=a" (value) : "Nd" (port));
    return value;
}

inline void out8 (l4::Word port, std::uint8_t value)
{
    asm volatile ("outb %0, %w1" : : "a" (value), "Nd" (port));
}

[[nodiscard]] inline l4::Word in32 (l4::Word port)
{
    l4::Word value;
    asm volatile ("inl %w1, %0" : "=a" (value) : "Nd" (port));
    return value;
}

inline void out32 (l4::Word port, l4::Word value)
{
    asm volatile ("outl %0, %w1" : : "a" (value), "Nd" (port));
}

/// `count` words of 16 bits from one port into memory, and the other way.
inline void in_words (l4::Word port, void* to, l4::Word count)
{
    asm volatile ("rep insw" : "+D" (to), "+c" (count) : "d" (port) : "memory");
}

inline void out_words (l4::Word port, void const* from, l4::Word count)
{
    asm volatile ("rep outsw" : "+S" (from), "+c" (count) : "d" (port) : "memory");
}

}  // namespace rt
