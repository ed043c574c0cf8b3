// SPDX-License-Identifier: BSD-2-Clause
/// @file  Printing with types instead of format strings.
///
/// Each argument chooses its own form, so nothing can disagree with a format, and there are no
/// variable argument lists. A sink is anything with `put (char)`.
///
/// Example: `lib::print (console, "cr2=", lib::hex (0x1F, 8), ' ', -3, '\n')` puts
/// "cr2=0000001F -3" and a line end.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace lib {

template <typename T>
concept Sink = requires (T& sink, char c) { sink.put (c); };

/// Numbers, as opposed to `char` (a character) and `bool` (neither).
template <typename T>
concept PrintableInteger
    = std::integral<T> && !std::same_as<T, char> && !std::same_as<T, bool> && sizeof (T) <= 8;

/// The text of one number.
class Digits {
public:
    [[nodiscard]] static Digits hexadecimal (std::uint64_t value, unsigned width);
    [[nodiscard]] static Digits decimal (std::uint64_t magnitude, bool negative, unsigned width);

    [[nodiscard]] std::string_view text () const { return { text_ + start_, capacity - start_ }; }

private:
    static constexpr unsigned capacity = 24;    ///< 20 digits, a sign and a little padding

    void prepend (char c) { text_[--start_] = c; }
    void pad (char fill, unsigned width);

    char text_[capacity];
    unsigned start_ { capacity };
};

struct Hex {
    std::uint64_t value;
    unsigned width;
};

struct Decimal {
    std::uint64_t magnitude;
    bool negative;
    unsigned width;
};

/// `value` as upper-case hexadecimal digits.
/// @param width  at least so many digits, filled with zeros; at most 24
template <PrintableInteger T>
[[nodiscard]] constexpr Hex hex (T value, unsigned width = 0)
{
    return { static_cast<std::make_unsigned_t<T>> (value), width };
}

/// `value` in decimal, right-aligned.
/// @param width  at least so many characters, filled with blanks; at most 24
template <PrintableInteger T>
[[nodiscard]] constexpr Decimal dec (T value, unsigned width = 0)
{
    if constexpr (std::is_signed_v<T>)
        if (value < 0)
            return { ~static_cast<std::uint64_t> (value) + 1, true, width };
    return { static_cast<std::uint64_t> (value), false, width };
}

template <Sink S>
void print_one (S& sink, std::string_view text)
{
    for (char c : text)
        sink.put (c);
}

template <Sink S>
void print_one (S& sink, char const* text)
{
    while (*text != '\0')
        sink.put (*text++);
}

template <Sink S>
void print_one (S& sink, std::same_as<char> auto c)
{
    sink.put (c);
}

template <Sink S>
void print_one (S& sink, Hex number)
{
    print_one (sink, Digits::hexadecimal (number.value, number.width).text ());
}

template <Sink S>
void print_one (S& sink, Decimal n)
{
    print_one (sink, Digits::decimal (n.magnitude, n.negative, n.width).text ());
}

template <Sink S>
void print_one (S& sink, PrintableInteger auto number)
{
    print_one (sink, dec (number));
}

/// Puts all arguments, in order.
template <Sink S, typename... Arguments>
void print (S& sink, Arguments const&... arguments)
{
    (print_one (sink, arguments), ...);
}

}  // namespace lib
