// SPDX-License-Identifier: BSD-2-Clause
/// @file  The protocols every program speaks without knowing who serves them: text output
///        (console.1), keys (console.2) and the end of the program (root.1). Ids come from the info
///        page.
///
/// Text: up to seven characters in a register message, w0 = characters 1 to 4, w1 = characters
/// 5 to 7 and their total in the high byte; the first character is the lowest byte. A count of
/// 0 is answered when everything before it has left the machine. Any answer is an acknowledgement.
/// With bit 31 of w1 set the text is exact: no carriage return is added to its newlines.
///
/// Keys: any register message is a request, answered by a text message of one to seven keys when
/// there are some, or of none to a program that does not run in the console's foreground.
#pragma once

#include <string_view>

#include <runtime/ipc.hpp>

namespace rt {

/// w0 of a register request to root.1. w1, answers, and other requests: root/protocol.hpp.
enum class RootOperation : Word { start = 1, wait = 2, exit = 3, kill = 4 };

constexpr std::size_t text_message_capacity = 7;

/// The console's thread that has the keys.
constexpr Word keyboard_thread = 2;

/// The message for `text`, at most seven characters.
[[nodiscard]] constexpr Words pack_text (std::string_view text)
{
    Word words[2] = { 0, static_cast<Word> (text.size ()) << 24 };
    for (std::size_t i = 0; i < text.size (); ++i)
        words[i / 4] |= Word { static_cast<unsigned char> (text[i]) } << (8 * (i % 4));
    return { words[0], words[1] };
}

constexpr Word exact_text = 0x80000000;
[[nodiscard]] constexpr Words pack_exact_text (std::string_view text)
{
    Words const words = pack_text (text);
    return { words.w0, words.w1 | exact_text };
}

struct UnpackedText {
    std::size_t count;
    bool is_exact;
    char characters[text_message_capacity];

    [[nodiscard]] constexpr std::string_view text () const { return { characters, count }; }
};

/// The inverse of pack_text; a count beyond seven is taken as seven.
[[nodiscard]] constexpr UnpackedText unpack_text (Words words)
{
    UnpackedText result { (words.w1 & ~exact_text) >> 24, (words.w1 & exact_text) != 0, {} };
    if (result.count > text_message_capacity)
        result.count = text_message_capacity;
    for (std::size_t i = 0; i < result.count; ++i)
        result.characters[i] = static_cast<char> ((i < 4 ? words.w0 : words.w1) >> (8 * (i % 4)));
    return result;
}

static_assert (pack_text ("abcdefg").w0 == 0x64636261 && pack_text ("abcdefg").w1 == 0x07676665);
static_assert (unpack_text (pack_text ("hello")).text () == "hello");

}  // namespace rt
