// SPDX-License-Identifier: BSD-2-Clause
/// @file  The command line of `bench`.
///
/// Context: pure; host tests in tests/host/guest.
#pragma once

#include <string_view>

#include <l4/word.hpp>

namespace bench {

enum class Format { text, csv };
enum class ClockChoice { automatic, tsc, kip };

constexpr unsigned most_batches = 1000;

struct Options {
    std::string_view benchmark {};
    Format format { Format::text };
    ClockChoice clock { ClockChoice::automatic };
    unsigned batches { 50 };
    std::string_view only {};           ///< the one case to be measured; empty: all
    bool valid { false };

    [[nodiscard]] constexpr bool wants (std::string_view name) const
    {
        return only.empty () || only == name;
    }
};

constexpr std::string_view options_usage
    = "[--case NAME] [--format text|csv] [--batches N] [--clock auto|tsc|kip]";

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

/// @return 0 if `word` is not a number from 1 to `most_batches`
[[nodiscard]] constexpr unsigned parse_batches (std::string_view word)
{
    unsigned number = 0;
    for (char c : word) {
        if (c < '0' || c > '9')
            return 0;
        number = number * 10 + static_cast<unsigned> (c - '0');
        if (number > most_batches)
            return 0;
    }
    return number;
}

/// Apply option `name` with `value`. @return whether it is known and the value is allowed
[[nodiscard]] constexpr bool apply (Options& options, std::string_view name,
                                    std::string_view value)
{
    if (name == "--format" && (value == "text" || value == "csv")) {
        options.format = value == "csv" ? Format::csv : Format::text;
        return true;
    }
    if (name == "--batches") {
        options.batches = parse_batches (value);
        return options.batches != 0;
    }
    if (name == "--case") {
        options.only = value;
        return !value.empty ();
    }
    if (name == "--clock" && (value == "auto" || value == "tsc" || value == "kip")) {
        options.clock = value == "tsc"   ? ClockChoice::tsc
                        : value == "kip" ? ClockChoice::kip
                                         : ClockChoice::automatic;
        return true;
    }
    return false;
}

/// @return options that are not `valid` if a word is unknown
[[nodiscard]] constexpr Options parse_options (std::string_view arguments)
{
    Options options;
    options.benchmark = take_word (arguments);
    for (std::string_view name = take_word (arguments); !name.empty ();
         name = take_word (arguments))
        if (!apply (options, name, take_word (arguments)))
            return options;
    options.valid = !options.benchmark.empty ();
    return options;
}

}  // namespace bench
