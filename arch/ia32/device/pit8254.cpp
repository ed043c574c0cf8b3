// SPDX-License-Identifier: BSD-2-Clause
#include <device/pit8254.hpp>

#include <instructions.hpp>

namespace ia32 {

namespace {

constexpr std::uint16_t channel_0 = 0x40, channel_2 = 0x42, control = 0x43, system_port_b = 0x61;
constexpr std::uint8_t channel_0_rate_generator = 0x34;
constexpr std::uint8_t channel_2_terminal_count = 0xB0;
constexpr std::uint8_t gate_2 = 0x01, speaker = 0x02, output_2 = 0x20;

void load (std::uint16_t channel, std::uint16_t count)
{
    out8 (channel, static_cast<std::uint8_t> (count));
    out8 (channel, static_cast<std::uint8_t> (count >> 8));
}

}  // namespace

void Pit8254::start_periodic (std::uint16_t divisor)
{
    out8 (control, channel_0_rate_generator);
    load (channel_0, divisor);
}

void Pit8254::start_measurement (std::uint16_t cycles)
{
    out8 (system_port_b, static_cast<std::uint8_t> ((in8 (system_port_b) & ~speaker) | gate_2));
    out8 (control, channel_2_terminal_count);
    load (channel_2, cycles);
}

bool Pit8254::is_over () { return (in8 (system_port_b) & output_2) != 0; }

}  // namespace ia32
