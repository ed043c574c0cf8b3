// SPDX-License-Identifier: BSD-2-Clause
/// @file  The words of a program's arguments.
#pragma once

#include <string_view>

#include <l4/word.hpp>

namespace rt {

/// The next word of `text`, which then begins behind it; empty at the end.
[[nodiscard]] constexpr std::string_view take_word (std::string_view& text)
{
    while (!text.empty () && text.front () == ' ')
        text.remove_prefix (1);
    std::size_t length = 0;
    while (length < text.size () && text[length] != ' ')
        ++length;
    std::string_view const word = text.substr (0, length);
    text.remove_prefix (length);
    return word;
}

/// The next line of `text`, which then begins behind it.
[[nodiscard]] constexpr std::string_view take_line (std::string_view& text)
{
    std::size_t const end = text.find ('\n');
    std::string_view const line = text.substr (0, end);
    text.remove_prefix (end == text.npos ? text.size () : end + 1);
    return line;
}

/// @return 0 if `word` is no decimal number below a million
[[nodiscard]] constexpr l4::Word parse_decimal (std::string_view word)
{
    l4::Word number = 0;
    for (char const c : word) {
        if (c < '0' || c > '9' || number > 99'999)
            return 0;
        number = number * 10 + static_cast<l4::Word> (c - '0');
    }
    return number;
}

static_assert (parse_decimal ("042") == 42 && parse_decimal ("x") == 0);

}  // namespace rt
