// SPDX-License-Identifier: BSD-2-Clause
#include <device/pic8259.hpp>

#include <instructions.hpp>

namespace ia32 {

namespace {

constexpr std::uint8_t icw1_initialise_with_icw4 = 0x11;
constexpr std::uint8_t icw4_8086 = 0x01;
constexpr std::uint8_t icw4_fully_nested_8086 = 0x11;
constexpr std::uint8_t ocw3_read_in_service = 0x0B;

std::uint16_t data_port (unsigned line)
{
    return line < 8 ? Pic8259::master_data : Pic8259::slave_data;
}

std::uint16_t command_port (unsigned line)
{
    return line < 8 ? Pic8259::master_command : Pic8259::slave_command;
}

void initialise_chip (std::uint16_t command, std::uint16_t data, std::uint8_t vector,
                      std::uint8_t cascade, std::uint8_t mode)
{
    out8 (command, icw1_initialise_with_icw4);
    out8 (data, vector);
    out8 (data, cascade);
    out8 (data, mode);
    out8 (data, 0xFF);
}

}  // namespace

void Pic8259::initialise ()
{
    initialise_chip (master_command, master_data, first_vector, 1 << Pic8259::cascade_line,
                     icw4_fully_nested_8086);
    initialise_chip (slave_command, slave_data, first_vector + 8, cascade_line, icw4_8086);
    unmask (cascade_line);
}

void Pic8259::mask (unsigned line)
{
    std::uint16_t const port = data_port (line);
    out8 (port, static_cast<std::uint8_t> (in8 (port) | 1U << (line & 7)));
}

void Pic8259::unmask (unsigned line)
{
    std::uint16_t const port = data_port (line);
    out8 (port, static_cast<std::uint8_t> (in8 (port) & ~(1U << (line & 7))));
}

void Pic8259::acknowledge (unsigned line)
{
    out8 (command_port (line), static_cast<std::uint8_t> (specific_end | (line & 7)));
    if (line >= 8)
        out8 (master_command, specific_end | cascade_line);
}

bool Pic8259::end_spurious (unsigned line)
{
    if ((line & 7) != 7)
        return false;
    out8 (command_port (line), ocw3_read_in_service);
    if ((in8 (command_port (line)) & 0x80) != 0)
        return false;
    if (line >= 8)                      // the master has served its cascade line
        out8 (master_command, specific_end | cascade_line);
    return true;
}

}  // namespace ia32
