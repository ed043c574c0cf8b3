// SPDX-License-Identifier: BSD-2-Clause
/// @file  Decoding of what the kernel emulates: privileged instructions and port accesses.
///
/// Looks at the bytes that it is given and at nothing else, so that the caller can hand it what
/// lies up to the end of a page first, and the rest only if the instruction goes on there.
///
/// Context: pure; host tests in tests/host/ia32.
#pragma once

#include <cstdint>
#include <span>

#include <l4/fpage.hpp>

namespace ia32 {

using l4::Word;

/// Ports of one access.
struct PortRange {
    Word first;
    Word count;                 ///< 1, 2 or 4

    [[nodiscard]] constexpr bool is_valid () const { return first + count <= ports; }

    /// The smallest I/O fpage that contains them.
    [[nodiscard]] constexpr l4::Fpage fpage () const
    {
        unsigned bits = 0;
        while (first >> bits != (first + count - 1) >> bits)
            ++bits;
        return l4::Fpage::io (first, bits);
    }

    static constexpr Word ports = 0x10000;
};

static_assert (PortRange { 0x80, 1 }.fpage ().raw () == 0xF0080000);
static_assert (PortRange { 0x3F8, 4 }.fpage ().raw () == 0xF03F8008);
static_assert (PortRange { 0x3FB, 2 }.fpage ().raw () == 0xF03F800C);

struct Instruction {
    enum Kind : std::uint8_t {
        other,                  ///< nothing that is emulated
        incomplete,             ///< goes on behind the bytes that were given
        load_exception_table,   ///< LIDT [EAX]
        load_descriptors,       ///< LGDT [EAX]
        read_debug_register,    ///< MOV r, DRn
        write_debug_register,   ///< MOV DRn, r
        read_msr,
        write_msr,
        write_caches_back,      ///< WBINVD
        halt,
        port_in_dx,             ///< IN, OUT, INS, OUTS: `port_count` ports from DX
        port_in_code,           ///< IN, OUT: from `port`
        interrupt_flag,         ///< CLI, STI
    };

    Kind kind { other };
    std::uint8_t length { 0 };              ///< bytes
    std::uint8_t debug_register { 0 };
    std::uint8_t general_register { 0 };    ///< in the processor's order: EAX, ECX, EDX, EBX, ...
    std::uint8_t port_count { 0 };
    std::uint8_t port { 0 };

    static constexpr Word longest = 15;
};

/// The instruction that begins with `code`, at most `Instruction::longest` bytes.
[[nodiscard]] Instruction decode (std::span<std::uint8_t const> code);

}  // namespace ia32
