// SPDX-License-Identifier: BSD-2-Clause
/// @file  First lines of scripts, as Linux reads them.
#include <string>

#include <gtest/gtest.h>

#include <unix/process/script.hpp>

using namespace unix_server;

namespace {

struct Line {
    bool good;
    std::string interpreter, argument;

    friend bool operator== (Line const&, Line const&) = default;
};

Line read (std::string const& text)
{
    Node file;
    file.origin = std::as_bytes (std::span { text });
    file.size = static_cast<Word> (text.size ());
    ScriptLine line;
    bool const good = line.read (file);
    return good ? Line { good, std::string { line.interpreter }, std::string { line.argument } }
                : Line { false, "", "" };
}

TEST (UnixScript, HasAnInterpreterAndOneArgument)
{
    EXPECT_EQ (read ("#!/bin/sh\necho"), (Line { true, "/bin/sh", "" }));
    EXPECT_EQ (read ("#! \t/bin/sh  -e -u \t\nrest"), (Line { true, "/bin/sh", "-e -u" }));
    EXPECT_EQ (read ("#!/bin/sh"), (Line { true, "/bin/sh", "" })) << "without an end of line";
    EXPECT_EQ (read (std::string { "#!/bin/sh\0x y\n", 14 }), (Line { true, "/bin/sh", "" }));
}

TEST (UnixScript, IsNoneOtherwise)
{
    for (char const* const text : { "", "#", "#!", "#!\n", "#!  \t \n/bin/sh", "echo\n#!/bin/sh" })
        EXPECT_FALSE (read (text).good) << text;
}

TEST (UnixScript, LooksAtTheFirstBytesOnly)
{
    std::string const most (ScriptLine::longest - 2 - 1, 'x');
    EXPECT_TRUE (read ("#!" + most + "\n").good);
    EXPECT_FALSE (read ("#!" + most + "xx\n").good) << "the name may be longer";
    Line const cut = read ("#!/i " + std::string (ScriptLine::longest, 'a') + "\n");
    EXPECT_EQ (cut, (Line { true, "/i", std::string (ScriptLine::longest - 5, 'a') }));
}

}  // namespace
