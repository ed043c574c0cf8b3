// SPDX-License-Identifier: BSD-2-Clause
#include <device/uart16550.hpp>

namespace ia32 {

namespace {

enum Register : Port {
    data = 0,                   ///< divisor, low byte, while the latch is open
    interrupt_enable = 1,       ///< divisor, high byte, while the latch is open
    fifo_control = 2,           ///< ignored by chips without FIFO
    line_control = 3,
    modem_control = 4,
    line_status = 5,
};

constexpr std::uint8_t line_8n1 = 0x03;
constexpr std::uint8_t divisor_latch = 0x80;
constexpr std::uint8_t terminal_ready_request_to_send = 0x03;
constexpr std::uint8_t status_received = 0x01;
constexpr std::uint8_t status_holding_empty = 0x20;
constexpr std::uint8_t status_all_sent = 0x40;

/// Polls, of about a microsecond each on an ISA bus, before a transmitter counts as dead. No real
/// chip needs a hundredth of it; an emulator does while nobody takes the characters.
constexpr unsigned patience = 10'000'000;

Port at (Port base, Register r) { return static_cast<Port> (base + r); }

/// Waits until one of `bits` is set in the line status. @return whether that happened
bool wait_for (Port base, std::uint8_t bits)
{
    for (unsigned left = patience; left > 0; --left)
        if ((in8 (at (base, line_status)) & bits) != 0)
            return true;
    return false;
}

}  // namespace

bool Uart16550::init (Port port, std::uint32_t baud)
{
    port_ = 0;
    if (port == 0)
        return false;
    out8 (at (port, line_control), line_8n1);       // closes the divisor latch
    out8 (at (port, interrupt_enable), 0);
    if (in8 (at (port, interrupt_enable)) != 0)     // an empty bus reads as ones
        return false;
    if (!wait_for (port, status_all_sent))          // what was sent before keeps its speed
        return false;

    out8 (at (port, line_control), divisor_latch);
    out8 (at (port, data), static_cast<std::uint8_t> (divisor (baud)));
    out8 (at (port, interrupt_enable), static_cast<std::uint8_t> (divisor (baud) >> 8));
    out8 (at (port, line_control), line_8n1);
    if (in8 (at (port, line_control)) != line_8n1)
        return false;
    out8 (at (port, fifo_control), 0);
    out8 (at (port, modem_control), terminal_ready_request_to_send);
    port_ = port;
    return true;
}

void Uart16550::put (char c)
{
    if (port_ == 0)
        return;
    if (wait_for (port_, status_holding_empty))
        out8 (at (port_, data), static_cast<std::uint8_t> (c));
    else
        port_ = 0;
}

bool Uart16550::can_put () const
{
    return port_ == 0 || (in8 (at (port_, line_status)) & status_holding_empty) != 0;
}

int Uart16550::poll () const
{
    if (port_ == 0 || (in8 (at (port_, line_status)) & status_received) == 0)
        return -1;
    return in8 (at (port_, data));
}

}  // namespace ia32
