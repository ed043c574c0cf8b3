// SPDX-License-Identifier: BSD-2-Clause
#include <instruction.hpp>

namespace ia32 {

namespace {

using Code = std::span<std::uint8_t const>;

constexpr std::uint8_t two_byte_opcode = 0x0F;
constexpr std::uint8_t operand_size_prefix = 0x66;

bool is_prefix (std::uint8_t byte)
{
    switch (byte) {
    case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64: case 0x65:   // segments
    case operand_size_prefix: case 0x67: case 0xF2: case 0xF3:          // sizes, repeat
        return true;
    default:
        return false;
    }
}

Instruction simple (Instruction::Kind kind, std::uint8_t length) { return { kind, length }; }

/// MOV to and from debug registers: the processor ignores the mode bits.
Instruction debug_move (Instruction::Kind kind, Code code)
{
    if (code.size () < 3)
        return { Instruction::incomplete };
    std::uint8_t const operands = code[2];
    return { .kind = kind,
             .length = 3,
             .debug_register = static_cast<std::uint8_t> (operands >> 3 & 7),
             .general_register = static_cast<std::uint8_t> (operands & 7) };
}

/// 0F 01: only with the operand [EAX].
Instruction table_load (Code code)
{
    if (code.size () < 3)
        return { Instruction::incomplete };
    switch (code[2]) {
    case 0x10: return simple (Instruction::load_descriptors, 3);
    case 0x18: return simple (Instruction::load_exception_table, 3);
    default: return {};
    }
}

Instruction decode_two_bytes (Code code)
{
    if (code.size () < 2)
        return { Instruction::incomplete };
    switch (code[1]) {
    case 0x01: return table_load (code);
    case 0x09: return simple (Instruction::write_caches_back, 2);
    case 0x21: return debug_move (Instruction::read_debug_register, code);
    case 0x23: return debug_move (Instruction::write_debug_register, code);
    case 0x30: return simple (Instruction::write_msr, 2);
    case 0x32: return simple (Instruction::read_msr, 2);
    default: return {};
    }
}

/// An instruction that needs ports or I/O privilege, behind `prefixes` bytes of prefixes.
Instruction decode_io (Code code, std::uint8_t prefixes, bool operand_16)
{
    std::uint8_t const opcode = code[prefixes];
    auto const length = static_cast<std::uint8_t> (prefixes + 1);
    auto const count = static_cast<std::uint8_t> ((opcode & 1) == 0 ? 1 : operand_16 ? 2 : 4);
    switch (opcode) {
    case 0xE4: case 0xE5: case 0xE6: case 0xE7:                 // IN, OUT with a port number
        if (code.size () <= length)
            return { length < Instruction::longest ? Instruction::incomplete : Instruction::other };
        return { .kind = Instruction::port_in_code,
                 .length = static_cast<std::uint8_t> (length + 1),
                 .port_count = count,
                 .port = code[length] };
    case 0xEC: case 0xED: case 0xEE: case 0xEF:                 // IN, OUT by DX
    case 0x6C: case 0x6D: case 0x6E: case 0x6F:                 // INS, OUTS
        return { .kind = Instruction::port_in_dx, .length = length, .port_count = count };
    case 0xFA: case 0xFB:
        return simple (Instruction::interrupt_flag, length);
    default:
        return {};
    }
}

}  // namespace

Instruction decode (Code code)
{
    bool operand_16 = false;
    std::uint8_t prefixes = 0;
    while (prefixes < code.size () && is_prefix (code[prefixes]))
        operand_16 |= code[prefixes++] == operand_size_prefix;
    if (prefixes == code.size ())
        return { prefixes < Instruction::longest ? Instruction::incomplete : Instruction::other };
    if (prefixes == 0 && code[0] == two_byte_opcode)
        return decode_two_bytes (code);
    if (prefixes == 0 && code[0] == 0xF4)
        return simple (Instruction::halt, 1);
    return decode_io (code, prefixes, operand_16);
}

}  // namespace ia32
