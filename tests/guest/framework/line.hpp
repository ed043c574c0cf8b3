// SPDX-License-Identifier: BSD-2-Clause
/// @file  One line of output, built in place without memory allocation.
///
/// A test program must be able to report that almost everything is broken, so its output rests on
/// nothing but a fixed buffer. What does not fit is dropped at the end of the line.
///
/// Example: `Line {}.text ("1..").decimal (12)` is `1..12`.
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include <cstdint>
#include <string_view>

namespace guest {

class Line {
public:
    static constexpr unsigned capacity = 240;

    constexpr Line& text (std::string_view s)
    {
        for (char c : s)
            put (c);
        return *this;
    }

    constexpr Line& decimal (std::uint64_t value)
    {
        if (value >= 10)
            decimal (quotient_by_ten (value));
        return put (static_cast<char> ('0' + static_cast<unsigned> (remainder_by_ten (value))));
    }

    /// 0x and eight digits.
    constexpr Line& hex (std::uint32_t value)
    {
        text ("0x");
        for (int shift = 28; shift >= 0; shift -= 4)
            put ("0123456789abcdef"[(value >> shift) & 0xF]);
        return *this;
    }

    /// Spaces up to column `column`, at least one if `column` has been passed.
    constexpr Line& tab (unsigned column)
    {
        do
            put (' ');
        while (size_ < column && size_ < capacity);
        return *this;
    }

    /// `s` so that it ends before `column`.
    constexpr Line& right (std::string_view s, unsigned column)
    {
        while (size_ + s.size () < column && size_ < capacity)
            put (' ');
        return text (s);
    }

    [[nodiscard]] constexpr std::string_view view () const { return { text_, size_ }; }

private:
    constexpr Line& put (char c)
    {
        if (size_ < capacity)
            text_[size_++] = c;
        return *this;
    }

    // Division of 64 bits by two divisions of 32: programs are linked without libgcc.
    [[nodiscard]] static constexpr std::uint64_t quotient_by_ten (std::uint64_t value)
    {
        std::uint64_t quotient = 0;
        std::uint32_t rest = 0;
        for (int shift = 48; shift >= 0; shift -= 16) {
            std::uint32_t const part = (rest << 16) | static_cast<std::uint16_t> (value >> shift);
            quotient = (quotient << 16) | (part / 10);
            rest = part % 10;
        }
        return quotient;
    }
    [[nodiscard]] static constexpr std::uint64_t remainder_by_ten (std::uint64_t value)
    {
        return value - quotient_by_ten (value) * 10;
    }

    char text_[capacity] {};
    unsigned size_ { 0 };
};

}  // namespace guest
