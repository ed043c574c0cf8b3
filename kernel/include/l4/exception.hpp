// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a thread gives to the emulated `lidt [eax]` and `lgdt [eax]` (docs/abi.md 10, 11).
#pragma once

#include <cstddef>
#include <cstdint>

#include <l4/word.hpp>

namespace l4 {

/// At EAX: where a table is. Its limit counts only for `lgdt`.
struct [[gnu::packed]] PseudoDescriptor {
    std::uint16_t limit;            ///< size - 1
    Address base;
};

static_assert (sizeof (PseudoDescriptor) == 6 && offsetof (PseudoDescriptor, base) == 2);

/// An entry of the exception table, in the processor's format for gates.
struct ExceptionGate {
    std::uint16_t handler_low;
    std::uint16_t selector;         ///< ignored
    std::uint8_t zero;
    std::uint8_t type;              ///< 0Fh, not checked
    std::uint16_t handler_high;

    [[nodiscard]] static constexpr ExceptionGate to (Address handler)
    {
        return { static_cast<std::uint16_t> (handler), 0, 0, 0x0F,
                 static_cast<std::uint16_t> (handler >> 16) };
    }
    [[nodiscard]] constexpr Address handler () const
    {
        return Address { handler_high } << 16 | handler_low;
    }
};

constexpr unsigned exception_gates = 32;

static_assert (sizeof (ExceptionGate) == 8 && offsetof (ExceptionGate, type) == 5);
static_assert (ExceptionGate::to (0x12345678).handler () == 0x12345678);

/// Selectors of the thread's own descriptors, for FS and GS.
constexpr unsigned tls_descriptors = 3;
constexpr std::uint16_t tls_selector (unsigned n)
{
    return static_cast<std::uint16_t> (0x33 + 8 * n);
}

}  // namespace l4
