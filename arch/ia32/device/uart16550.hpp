// SPDX-License-Identifier: BSD-2-Clause
/// @file  A serial port of the 8250 family, polled.
///
/// Only what the original 8250 has is used: no FIFO, no scratch register. A port that is not
/// there, or whose transmitter hangs, costs bounded time and loses the output, nothing else:
/// everything is mirrored on the screen.
#pragma once

#include <cstdint>

#include <instructions.hpp>

namespace ia32 {

class Uart16550 {
public:
    constexpr Uart16550 () = default;

    /// Sets 8 data bits, no parity, 1 stop bit, interrupts off.
    /// @param port  I/O base, a multiple of 8; 0: no serial port wanted
    /// @param baud  divides 115200
    /// @return whether a chip answers; if not, `put` does nothing
    bool init (Port port, std::uint32_t baud);

    /// Sends one character, waiting while the chip is busy with the one before.
    void put (char c);

    /// Whether `put` would not wait.
    [[nodiscard]] bool can_put () const;

    /// A character that has arrived, or -1.
    [[nodiscard]] int poll () const;

    [[nodiscard]] bool is_present () const { return port_ != 0; }

    /// Divisor of the chip's clock for `baud`.
    [[nodiscard]] static constexpr std::uint16_t divisor (std::uint32_t baud)
    {
        return static_cast<std::uint16_t> (115200 / baud);
    }

private:
    Port port_ { 0 };
};

static_assert (Uart16550::divisor (9600) == 12);

}  // namespace ia32
