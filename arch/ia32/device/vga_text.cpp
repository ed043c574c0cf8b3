// SPDX-License-Identifier: BSD-2-Clause
#include <device/vga_text.hpp>

#include <instructions.hpp>

namespace ia32 {

namespace {

constexpr Port crtc_index = 0x3D4;
constexpr Port crtc_data = 0x3D5;
constexpr std::uint8_t cursor_high = 0x0E;
constexpr std::uint8_t cursor_low = 0x0F;

constexpr unsigned cells = VgaText::columns * VgaText::rows;
constexpr std::uint16_t light_grey_on_black = 0x0700;
constexpr std::uint16_t blank = light_grey_on_black | ' ';
constexpr unsigned tab_width = 8;

std::uint8_t read_crtc (std::uint8_t index)
{
    out8 (crtc_index, index);
    return in8 (crtc_data);
}

void write_crtc (std::uint8_t index, unsigned value)
{
    out8 (crtc_index, index);
    out8 (crtc_data, static_cast<std::uint8_t> (value));
}

}  // namespace

void VgaText::init (std::uint16_t volatile* buffer)
{
    buffer_ = buffer;
    unsigned const high = read_crtc (cursor_high);
    cursor_ = high << 8 | read_crtc (cursor_low);
    if (cursor_ >= cells)           // another page or mode
        cursor_ = 0;
}

void VgaText::put (char c)
{
    if (buffer_ == nullptr)
        return;
    unsigned const column = cursor_ % columns;
    if (c == '\n')
        cursor_ += columns - column;
    else if (c == '\r')
        cursor_ -= column;
    else if (c == '\b')
        cursor_ -= column > 0 ? 1 : 0;
    else if (c == '\t')
        cursor_ += tab_width - column % tab_width;
    else
        put_cell (c);
    if (cursor_ >= cells)
        scroll ();
    show_cursor ();
}

void VgaText::put_cell (char c)
{
    buffer_[cursor_++] = static_cast<std::uint16_t> (light_grey_on_black
                                                     | static_cast<std::uint8_t> (c));
}

void VgaText::scroll ()
{
    for (unsigned i = 0; i < cells - columns; ++i)
        buffer_[i] = buffer_[i + columns];
    for (unsigned i = cells - columns; i < cells; ++i)
        buffer_[i] = blank;
    cursor_ -= columns;
}

void VgaText::show_cursor () const
{
    write_crtc (cursor_high, cursor_ >> 8);
    write_crtc (cursor_low, cursor_);
}

}  // namespace ia32
