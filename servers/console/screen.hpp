// SPDX-License-Identifier: BSD-2-Clause
/// @file  Text on a VGA in mode 3: 80 columns, 25 rows, two bytes per cell.
///
/// A copy of the cells is kept, so that scrolling writes only what changes and never reads the
/// adapter's slow memory. Text goes on where the cursor was found at the start.
///
/// `Io` has in8 (port) and out8 (port, byte).
#pragma once

#include <cstdint>
#include <string_view>

#include <l4/word.hpp>

namespace console {

using l4::Word;

template <typename Io>
class Screen {
public:
    static constexpr unsigned columns = 80;
    static constexpr unsigned rows = 25;
    using Cell = std::uint16_t;

    /// @param cells  columns * rows cells
    explicit Screen (Cell volatile* cells, Io io = {}) : cells_ { cells }, io_ { io }
    {
        for (unsigned i = 0; i < columns * rows; ++i)
            copy_[i] = cells_[i];
        unsigned const cursor = read_register (cursor_high) << 8 | read_register (cursor_low);
        position_ = cursor < columns * rows ? cursor : 0;
    }

    /// Show `text` and move the cursor behind it.
    void write (std::string_view text)
    {
        for (char const c : text)
            put (c);
        write_register (cursor_high, position_ >> 8);
        write_register (cursor_low, position_ & 0xFF);
    }

private:
    static constexpr Word crtc_index = 0x3D4;
    static constexpr Word crtc_data = 0x3D5;
    static constexpr std::uint8_t cursor_high = 0x0E;
    static constexpr std::uint8_t cursor_low = 0x0F;
    static constexpr Cell attribute = 0x0700;           // light grey on black

    void put (char c)
    {
        switch (c) {
        case '\r': position_ -= position_ % columns; return;
        case '\b': position_ -= position_ % columns != 0 ? 1 : 0; return;
        case '\n': position_ += columns - position_ % columns; break;
        default:
            if (c < ' ')
                return;
            set (position_++, static_cast<Cell> (attribute | static_cast<unsigned char> (c)));
        }
        if (position_ >= columns * rows)
            scroll ();
    }

    void set (unsigned index, Cell cell)
    {
        if (copy_[index] == cell)
            return;
        copy_[index] = cell;
        cells_[index] = cell;
    }

    void scroll ()
    {
        for (unsigned i = 0; i < columns * (rows - 1); ++i)
            set (i, copy_[i + columns]);
        for (unsigned i = columns * (rows - 1); i < columns * rows; ++i)
            set (i, attribute | ' ');
        position_ -= columns;
    }

    unsigned read_register (std::uint8_t index)
    {
        io_.out8 (crtc_index, index);
        return io_.in8 (crtc_data);
    }

    void write_register (std::uint8_t index, unsigned value)
    {
        io_.out8 (crtc_index, index);
        io_.out8 (crtc_data, static_cast<std::uint8_t> (value));
    }

    Cell volatile* cells_;
    Io io_;
    unsigned position_ { 0 };
    Cell copy_[columns * rows];
};

}  // namespace console
