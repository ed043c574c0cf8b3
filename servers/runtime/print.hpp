// SPDX-License-Identifier: BSD-2-Clause
/// @file  Formatted output without varargs: rt::print ("x=", rt::hex (x), " n=", n, "\n").
///
/// Each argument is appended to a small buffer by the `append` chosen for its type; a full
/// buffer goes to `write`, the seam that decides where text ends up. The runtime's `write`
/// sends it to the console program; root and console link their own.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include <l4/word.hpp>

namespace rt {

using l4::Word;

/// Where text goes: defined once per program.
void write (std::string_view text);

/// Collects characters and hands them to `write` in pieces; the rest when it dies.
class Buffer {
public:
    using Sink = void (*) (std::string_view);

    explicit Buffer (Sink sink) : sink_ { sink } {}
    Buffer (Buffer const&) = delete;
    Buffer& operator= (Buffer const&) = delete;
    ~Buffer () { flush (); }

    void put (char c)
    {
        if (length_ == capacity)
            flush ();
        text_[length_++] = c;
    }
    void flush ()
    {
        if (length_ != 0)
            sink_ ({ text_, length_ });
        length_ = 0;
    }

private:
    static constexpr std::size_t capacity = 64;

    Sink sink_;
    std::size_t length_ { 0 };
    char text_[capacity];
};

struct Hex { Word value; unsigned digits; };
struct Padded { std::uint64_t value; unsigned width; char fill; };
struct Left { std::string_view text; unsigned width; };
struct Seconds { std::uint64_t microseconds; };

/// `value` in hexadecimal, at least `digits` long.
[[nodiscard]] constexpr Hex hex (Word value, unsigned digits = 8) { return { value, digits }; }
/// `value` in decimal, right-adjusted.
[[nodiscard]] constexpr Padded padded (std::uint64_t value, unsigned width, char fill = ' ')
{
    return { value, width, fill };
}
/// `text` left-adjusted.
[[nodiscard]] constexpr Left left (std::string_view text, unsigned width)
{
    return { text, width };
}
/// A time as seconds with three decimals.
[[nodiscard]] constexpr Seconds seconds (std::uint64_t microseconds) { return { microseconds }; }

void append (Buffer& out, std::string_view text);
void append (Buffer& out, Hex number);
void append (Buffer& out, Padded number);
void append (Buffer& out, Left text);
void append (Buffer& out, Seconds time);
inline void append (Buffer& out, char c) { out.put (c); }

/// A string literal.
template <std::size_t N>
void append (Buffer& out, char const (&text)[N])
{
    append (out, std::string_view { text, N - 1 });
}

template <std::unsigned_integral T>
void append (Buffer& out, T number) { append (out, Padded { number, 0, ' ' }); }

template <std::signed_integral T>
void append (Buffer& out, T number)
{
    if (number < 0)
        out.put ('-');
    // Unsigned, because the most negative number has no positive counterpart.
    auto const bits = static_cast<std::uint64_t> (number);
    append (out, Padded { number < 0 ? 0 - bits : bits, 0, ' ' });
}

template <typename... Args>
void print (Args const&... args)
{
    Buffer out { write };
    (append (out, args), ...);
}

}  // namespace rt
