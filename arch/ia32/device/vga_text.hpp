// SPDX-License-Identifier: BSD-2-Clause
/// @file  The 80 x 25 colour text screen, written like a terminal.
///
/// Output goes on where the hardware cursor stands, so that BIOS, boot loader, boot and kernel
/// share one screen without overwriting each other.
#pragma once

#include <cstdint>

namespace ia32 {

class VgaText {
public:
    static constexpr unsigned columns = 80;
    static constexpr unsigned rows = 25;
    static constexpr std::uint32_t physical_buffer = 0xB8000;
    static constexpr std::uint32_t buffer_size = columns * rows * 2;

    constexpr VgaText () = default;

    /// @param buffer  where the caller sees physical address B8000h. `put` does nothing before.
    void init (std::uint16_t volatile* buffer);

    /// Puts a character at the cursor. Newline, carriage return, tab and backspace (cursor left,
    /// nothing erased) work as on a terminal; at the lower end the screen scrolls.
    void put (char c);

    [[nodiscard]] std::uint16_t volatile* buffer () const { return buffer_; }

    /// The same screen after the caller's address of it has changed.
    void move_buffer (std::uint16_t volatile* buffer) { buffer_ = buffer; }

private:
    void put_cell (char c);
    void scroll ();
    void show_cursor () const;

    std::uint16_t volatile* buffer_ { nullptr };
    unsigned cursor_ { 0 };         ///< cells from the upper left corner
};

}  // namespace ia32
