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

bool add_words (std::string_view command, StringList& list)
{
    if (!add_program (rt::take_word (command), list))
        return false;
    for (;;) {
        std::string_view const word = rt::take_word (command);
        if (word.empty ())
            return true;
        if (!list.add (word))
            return false;
    }
}

bool add_environment (StringList& list) { return list.add ("PATH=/bin") && list.add ("HOME=/"); }

}  // namespace

RootName::RootName (std::string_view& line)
{
    constexpr std::string_view usual { "unix" }, suffix { ".root" };
    std::string_view rest = line;
    std::string_view name = usual;
    if (rt::take_word (rest) == "--root") {
        name = rt::take_word (rest);
        line = rest;
    }
    length_ = static_cast<Word> (name.copy (module_, longest - suffix.size ()));
    length_ += static_cast<Word> (suffix.copy (module_ + length_, suffix.size ()));
}

bool read_command_line (std::string_view line, bool has_shell, Arguments& arguments)
{
    std::string_view const word = rt::take_word (line);
    if (word.empty () && has_shell)
        return arguments.values.add (shell) && arguments.values.add ("-l")
               && add_environment (arguments.environment)
               && arguments.environment.add ("TERM=vt100");
    if (word != "-c")
        return false;
    while (line.starts_with (' '))
        line.remove_prefix (1);
    while (line.ends_with (' '))
        line.remove_suffix (1);
    if (!unquote (line) || line.find_first_not_of (' ') == line.npos)
        return false;
    StringList& list = arguments.values;
    bool const added = has_shell ? list.add (shell) && list.add ("-c") && list.add (line)
                                 : add_words (line, list);
    return added && add_environment (arguments.environment);
}

}  // namespace unix_server
