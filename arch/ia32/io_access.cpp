// SPDX-License-Identifier: BSD-2-Clause
#include <io_access.hpp>

namespace ia32 {

using l4::Address;
using l4::Word;

namespace {

constexpr unsigned longest_instruction = 15;
constexpr int unreadable = -1;

/// A byte of the user's code. It has just been executed, but its page may be gone.
int code_byte (kernel::Space const& space, Address address)
{
    if (address >= l4::user_limit || !space.lookup (address).is_mapped ())
        return unreadable;
    return *reinterpret_cast<std::uint8_t const volatile*> (address);
}

bool is_prefix (int byte)
{
    switch (byte) {
    case 0x26: case 0x2E: case 0x36: case 0x3E: case 0x64: case 0x65:   // segments
    case 0x66: case 0x67: case 0xF2: case 0xF3:                         // sizes, repeat
        return true;
    default:
        return false;
    }
}

IoAccess port_access (Word port, int opcode, bool operand_16)
{
    Word const count = (opcode & 1) == 0 ? 1 : operand_16 ? 2 : 4;
    if (port + count > machine::IoSpace::ports)
        return {};
    return { IoAccess::ports, port, count };
}

}  // namespace

IoAccess decode_io_access (kernel::Space const& space, machine::TrapFrame const& frame)
{
    bool operand_16 = false;
    Address eip = frame.eip;
    int byte = code_byte (space, eip);
    for (unsigned n = 1; is_prefix (byte) && n < longest_instruction; ++n) {
        operand_16 |= byte == 0x66;
        byte = code_byte (space, ++eip);
    }
    switch (byte) {
    case 0xE4: case 0xE5: case 0xE6: case 0xE7: {               // IN, OUT with a port number
        int const port = code_byte (space, eip + 1);
        if (port == unreadable)
            return {};
        return port_access (static_cast<Word> (port), byte, operand_16);
    }
    case 0xEC: case 0xED: case 0xEE: case 0xEF:                 // IN, OUT by DX
    case 0x6C: case 0x6D: case 0x6E: case 0x6F:                 // INS, OUTS
        return port_access (frame.edx & 0xFFFF, byte, operand_16);
    case 0xFA: case 0xFB:                                       // CLI, STI
        return { IoAccess::interrupt_flag };
    default:
        return {};
    }
}

}  // namespace ia32
