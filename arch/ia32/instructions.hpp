// SPDX-License-Identifier: BSD-2-Clause
/// @file  Port I/O and the few instructions that boot and the kernel share.
#pragma once

#include <cstdint>

namespace ia32 {

using Port = std::uint16_t;

[[nodiscard]] inline std::uint8_t in8 (Port port)
{
    std::uint8_t value;
    asm volatile ("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

inline void out8 (Port port, std::uint8_t value)
{
    asm volatile ("outb %0, %1" : : "a"(value), "Nd"(port));
}

[[nodiscard]] inline std::uint16_t in16 (Port port)
{
    std::uint16_t value;
    asm volatile ("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

inline void out16 (Port port, std::uint16_t value)
{
    asm volatile ("outw %0, %1" : : "a"(value), "Nd"(port));
}

[[nodiscard]] inline std::uint32_t in32 (Port port)
{
    std::uint32_t value;
    asm volatile ("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

inline void out32 (Port port, std::uint32_t value)
{
    asm volatile ("outl %0, %1" : : "a"(value), "Nd"(port));
}

inline void cli () { asm volatile ("cli" : : : "memory"); }
inline void hlt () { asm volatile ("hlt" : : : "memory"); }

}  // namespace ia32
