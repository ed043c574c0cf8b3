// SPDX-License-Identifier: BSD-2-Clause
/// @file  Sources: IBM PC/AT Technical Reference, "Keyboard"; Motorola MC146818A data sheet.
#include "devices.hpp"

#include <runtime/ia32/ports.hpp>

#include "ports.hpp"

namespace guest {

namespace {

constexpr Word keyboard_data = 0x60;
constexpr std::uint8_t keyboard_echo = 0xEE;

constexpr Word clock_index = 0x70, clock_data = 0x71;
constexpr std::uint8_t register_a = 0x0A, register_b = 0x0B, register_c = 0x0C;
constexpr std::uint8_t rate_mask = 0x0F, periodic_interrupt = 0x40, all_interrupts = 0x70;

void acquire (Word port, unsigned log2_ports)
{
    if (!ask_for_ports (l4::Fpage::io (port, log2_ports)).dope.mapped ())
        SKIP ("the device belongs to somebody else");
}

[[nodiscard]] std::uint8_t read_clock (std::uint8_t index)
{
    rt::out8 (clock_index, index);
    return rt::in8 (clock_data);
}

void write_clock (std::uint8_t index, unsigned value)
{
    rt::out8 (clock_index, index);
    rt::out8 (clock_data, static_cast<std::uint8_t> (value));
}

}  // namespace

void Keyboard::acquire ()
{
    guest::acquire (keyboard_data, 0);
    serve ();
}

void Keyboard::raise () { rt::out8 (keyboard_data, keyboard_echo); }
void Keyboard::serve () { static_cast<void> (rt::in8 (keyboard_data)); }

void RealTimeClock::acquire ()
{
    guest::acquire (clock_index, 1);
    stop ();
}

void RealTimeClock::start (unsigned log2_hertz)
{
    constexpr unsigned highest = 16;            // rate n: 65,536 / 2^n Hz
    unsigned const rate = highest - log2_hertz;
    write_clock (register_a, (read_clock (register_a) & ~unsigned { rate_mask }) | rate);
    unsigned const others = read_clock (register_b) & ~unsigned { all_interrupts };
    write_clock (register_b, others | periodic_interrupt);
    serve ();
}

void RealTimeClock::stop ()
{
    write_clock (register_b, read_clock (register_b) & ~unsigned { all_interrupts });
    serve ();
}

void RealTimeClock::serve () { static_cast<void> (read_clock (register_c)); }

}  // namespace guest
