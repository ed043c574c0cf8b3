// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which page of the text memory the adapter shows.
///
/// The index register of the adapter's controller belongs to the console as well: whoever uses it
/// puts back what was there.
///
/// Context: pure; host tests in tests/host/servers. `Io` has in8 (port) and out8 (port, byte).
#pragma once

#include <l4/word.hpp>

namespace framebuffer {

using l4::Word;

template <typename Io>
class ScreenSwitch {
public:
    static constexpr Word screens = 8;              ///< of 4 KB each, from B8000h on
    static constexpr Word cells = 2048;             ///< a screen's distance in cells

    explicit constexpr ScreenSwitch (Io io = {}) : io_ { io } {}

    void show (Word screen)
    {
        std::uint8_t const before = io_.in8 (index);
        write (start_high, screen * cells >> 8);
        write (start_low, screen * cells & 0xFF);
        io_.out8 (index, before);
    }

    [[nodiscard]] Word shown ()
    {
        std::uint8_t const before = io_.in8 (index);
        Word const start = read (start_high) << 8 | read (start_low);
        io_.out8 (index, before);
        return start / cells;
    }

private:
    static constexpr Word index = 0x3D4;
    static constexpr Word data = 0x3D5;
    static constexpr std::uint8_t start_high = 0x0C;
    static constexpr std::uint8_t start_low = 0x0D;

    void write (std::uint8_t number, Word value)
    {
        io_.out8 (index, number);
        io_.out8 (data, static_cast<std::uint8_t> (value));
    }

    [[nodiscard]] Word read (std::uint8_t number)
    {
        io_.out8 (index, number);
        return io_.in8 (data);
    }

    Io io_;
};

}  // namespace framebuffer
