// SPDX-License-Identifier: BSD-2-Clause
/// @file  The command line of `test`: which cases, how long the long ones are, from which seed.
///
/// Cases that draw lots or repeat something are short by themselves. `--times N` makes each of
/// them N times as long; `--seed N` changes what it draws. A failure is repeated with the same
/// two numbers.
///
/// Example: `test LIF --times 200 --seed 7`
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include <string_view>

#include <l4/word.hpp>

namespace guest {

using l4::Word;

struct Selection {
    std::string_view pattern {};
    Word times { 1 };
    Word seed { 0 };
    bool valid { true };
};

constexpr std::string_view selection_usage
    = "[pattern] [--times N] [--seed N]   where pattern is the beginning of a case's id";

constexpr Word most_times = 10000;
constexpr Word largest_seed = 999999999;

/// The next word of `text`, which then begins behind it; empty at the end.
[[nodiscard]] constexpr std::string_view take_word (std::string_view& text)
{
    while (!text.empty () && text.front () == ' ')
        text.remove_prefix (1);
    std::size_t length = 0;
    while (length < text.size () && text[length] != ' ')
        ++length;
    std::string_view const word { text.data (), length };
    text.remove_prefix (length);
    return word;
}

/// Read `word`, a number from 1 to `most`, into `number`. @return whether it is one
[[nodiscard]] constexpr bool parse_number (std::string_view word, Word most, Word& number)
{
    number = 0;
    for (char c : word) {
        if (c < '0' || c > '9')
            return false;
        Word const digit = static_cast<Word> (c - '0');
        if (number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    return number != 0;
}

/// @return a selection that is not `valid` if a word is not understood
[[nodiscard]] constexpr Selection parse_selection (std::string_view arguments)
{
    Selection selection;
    for (auto word = take_word (arguments); !word.empty (); word = take_word (arguments)) {
        if (word == "--times")
            selection.valid &= parse_number (take_word (arguments), most_times, selection.times);
        else if (word == "--seed")
            selection.valid &= parse_number (take_word (arguments), largest_seed, selection.seed);
        else if (selection.pattern.empty () && word.front () != '-')
            selection.pattern = word;
        else
            selection.valid = false;
    }
    return selection;
}

/// What this run was told.
extern Selection selection;

}  // namespace guest
