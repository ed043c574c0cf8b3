// SPDX-License-Identifier: BSD-2-Clause
#include "command.hpp"

namespace console {

namespace {

struct Name {
    std::string_view word;
    CommandKind kind;
};

constexpr Name names[] = {
    { "help", CommandKind::help },     { "info", CommandKind::info },
    { "bench", CommandKind::bench },   { "test", CommandKind::test },
    { "unix", CommandKind::unix },     { "disk", CommandKind::disk },
    { "net", CommandKind::net },       { "date", CommandKind::date },
    { "drivers", CommandKind::drivers }, { "run", CommandKind::run },
    { "start", CommandKind::start },   { "ps", CommandKind::ps },
    { "mem", CommandKind::mem },       { "kill", CommandKind::kill },
    { "restart", CommandKind::restart }, { "reboot", CommandKind::reboot },
    { "halt", CommandKind::halt },
};

constexpr std::string_view trim (std::string_view text)
{
    while (!text.empty () && text.front () == ' ')
        text.remove_prefix (1);
    while (!text.empty () && text.back () == ' ')
        text.remove_suffix (1);
    return text;
}

}  // namespace

WordAndRest split (std::string_view line)
{
    line = trim (line);
    std::size_t length = 0;
    while (length < line.size () && line[length] != ' ')
        ++length;
    std::string_view const word { line.data (), length };
    line.remove_prefix (length);
    return { word, trim (line) };
}

Command parse_command (std::string_view line)
{
    auto const [word, arguments] = split (line);
    if (word.empty ())
        return { CommandKind::empty, word, arguments };
    for (Name const& name : names)
        if (name.word == word)
            return { name.kind, word, arguments };
    return { CommandKind::unknown, word, arguments };
}

}  // namespace console
