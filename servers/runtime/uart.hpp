// SPDX-License-Identifier: BSD-2-Clause
/// @file  A serial port of the 8250 family, polled. The kernel has set it up already; this
///        never programs it. Works without FIFO.
///
/// `Io` has in8 (port) and out8 (port, byte).
#pragma once

#include <string_view>

#include <l4/word.hpp>

namespace rt {

/// Port of a serial line in the form "0x3f8,115200"; 0 if it is "off" or not of this form.
[[nodiscard]] constexpr l4::Word serial_port (std::string_view parameters)
{
    if (!parameters.starts_with ("0x"))
        return 0;
    l4::Word port = 0;
    for (char const c : parameters.substr (2, parameters.find (',') - 2)) {
        unsigned const digit = c >= '0' && c <= '9'   ? static_cast<unsigned> (c - '0')
                               : c >= 'a' && c <= 'f' ? static_cast<unsigned> (c - 'a') + 10
                               : c >= 'A' && c <= 'F' ? static_cast<unsigned> (c - 'A') + 10
                                                      : 16;
        port = port << 4 | digit;
        if (digit > 15 || port > 0xFFF8)
            return 0;
    }
    return port;
}

static_assert (serial_port ("0x3f8,115200") == 0x3F8);
static_assert (serial_port ("0x2F8,9600") == 0x2F8);
static_assert (serial_port ("off") == 0);

template <typename Io>
class Uart {
public:
    constexpr explicit Uart (l4::Word port = 0, Io io = {}) : port_ { port }, io_ { io } {}

    [[nodiscard]] bool present () const { return port_ != 0; }
    /// Where no port is, all bits read as ones: that is no input.
    [[nodiscard]] bool has_input ()
    {
        unsigned const now = present () ? status () : 0;
        return now != nobody_there && (now & data_ready) != 0;
    }
    [[nodiscard]] char get () { return static_cast<char> (io_.in8 (port_ + data)); }
    [[nodiscard]] bool can_put () { return (status () & holding_empty) != 0; }
    void put (char c) { io_.out8 (port_ + data, static_cast<std::uint8_t> (c)); }
    /// Whether the last bit of the last character has left.
    [[nodiscard]] bool is_idle () { return (status () & transmitter_empty) != 0; }

private:
    static constexpr l4::Word data = 0;
    static constexpr l4::Word line_status = 5;
    static constexpr unsigned nobody_there = 0xFF;
    static constexpr unsigned data_ready = 0x01;
    static constexpr unsigned holding_empty = 0x20;
    static constexpr unsigned transmitter_empty = 0x40;

    unsigned status () { return io_.in8 (port_ + line_status); }

    l4::Word port_;
    Io io_;
};

}  // namespace rt
