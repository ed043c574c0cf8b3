// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the runtime's main to that of C: arguments are words.
#include <runtime/info_page.hpp>
#include <runtime/main.hpp>
#include <runtime/words.hpp>

extern "C" {
int c_main (int count, char** arguments);      // called main in its source: c_program.cmake
void exit (int status);
}

int main (std::string_view words)
{
    constexpr int most_arguments = 32;
    static char text[2 * rt::InfoPage::text_capacity];
    static char* arguments[most_arguments + 1];
    char* at = text;
    int count = 0;
    auto const add = [&] (std::string_view word) {
        arguments[count++] = at;
        at += word.copy (at, word.size ());
        *at++ = '\0';
    };
    add (rt::info_page ().name ());
    for (auto word = rt::take_word (words); !word.empty () && count < most_arguments;
         word = rt::take_word (words))
        add (word);
    exit (c_main (count, arguments));
    return 0;
}
