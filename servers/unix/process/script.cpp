// SPDX-License-Identifier: BSD-2-Clause
#include "script.hpp"

#include <algorithm>

#include "../fs/content.hpp"

namespace unix_server {

bool ScriptLine::read (Node const& file)
{
    constexpr std::string_view mark { "#!" };
    constexpr std::string_view blanks { " \t" };
    std::string_view line { text_.data (), read_content (file, 0, text_.data (), longest) };
    if (!line.starts_with (mark))
        return false;
    bool const is_whole = line.find ('\n') != line.npos || file.size < longest;
    line = line.substr (0, line.find ('\n'));
    line = line.substr (0, line.find ('\0'));
    line.remove_prefix (std::min (line.find_first_not_of (blanks, mark.size ()), line.size ()));
    line = line.substr (0, line.find_last_not_of (blanks) + 1);
    std::size_t const end = std::min (line.find_first_of (blanks), line.size ());
    if (end == 0 || (end == line.size () && !is_whole))
        return false;
    interpreter = line.substr (0, end);
    argument = line.substr (std::min (line.find_first_not_of (blanks, end), line.size ()));
    return true;
}

}  // namespace unix_server
