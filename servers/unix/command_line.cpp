// SPDX-License-Identifier: BSD-2-Clause
#include "command_line.hpp"

#include <runtime/words.hpp>

namespace unix_server {

namespace {

constexpr std::string_view programs { "/bin/" };
constexpr std::size_t longest_word = 255;

/// Without the marks around it, if there are any. @return false: only one of them
bool unquote (std::string_view& text)
{
    if (text.empty () || (text.front () != '\'' && text.front () != '"'))
        return true;
    if (text.size () < 2 || text.back () != text.front ())
        return false;
    text = text.substr (1, text.size () - 2);
    return true;
}

bool add_program (std::string_view word, StringList& list)
{
    char path[programs.size () + longest_word];
    if (word.size () > longest_word)
        return false;
    std::size_t length = word.find ('/') == word.npos ? programs.copy (path, programs.size ()) : 0;
    length += word.copy (path + length, longest_word);
    return list.add ({ path, length });
}

}  // namespace

bool read_command_line (std::string_view line, Arguments& arguments)
{
    if (rt::take_word (line) != "-c")
        return false;
    while (line.starts_with (' '))
        line.remove_prefix (1);
    while (line.ends_with (' '))
        line.remove_suffix (1);
    if (!unquote (line))
        return false;
    std::string_view word = rt::take_word (line);
    if (word.empty () || !add_program (word, arguments.values))
        return false;
    while (!(word = rt::take_word (line)).empty ())
        if (!arguments.values.add (word))
            return false;
    return arguments.environment.add ("PATH=/bin") && arguments.environment.add ("HOME=/");
}

}  // namespace unix_server
