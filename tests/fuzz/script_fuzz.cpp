// SPDX-License-Identifier: BSD-2-Clause
/// @file  First lines of scripts: names and arguments without blanks around them or zeros.
#include <unix/process/script.hpp>

#include "fuzz.hpp"

using namespace unix_server;

std::vector<std::string> fuzz::samples ()
{
    return { "#!/bin/sh\necho", "#! /bin/awk  -f x \n", "#!", "#!" + std::string (300, 'x'),
             "#!/bin/sh" };
}

extern "C" int LLVMFuzzerTestOneInput (std::uint8_t const* data, std::size_t size)
{
    Node file {};
    file.mode = mode::regular | 0755;
    file.size = static_cast<Word> (size);
    file.origin = { reinterpret_cast<std::byte const*> (data), size };
    ScriptLine line;
    if (!line.read (file))
        return 0;
    fuzz::must (size >= 2 && data[0] == '#' && data[1] == '!');
    fuzz::must (!line.interpreter.empty ());
    fuzz::must (line.interpreter.size () + line.argument.size () <= ScriptLine::longest);
    for (char const bad : { ' ', '\t', '\n' })
        fuzz::must (line.interpreter.find (bad) == line.interpreter.npos);
    fuzz::must (line.argument.find ('\n') == line.argument.npos);
    return 0;
}
