// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a program finds on its stack, and the server's own command line.
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <unix/command_line.hpp>

namespace {

using namespace unix_server;
using l4::Word;

class Stack {
public:
    Word build (Arguments const& arguments, std::size_t size = 4096)
    {
        image_.assign (size, std::byte { 0xEE });
        used_ = build_stack (image_, arguments, program, 0x06000000, { { 1, 2, 3, 4 } });
        return used_;
    }
    Word word (Word index) const
    {
        Word value;
        std::memcpy (&value, image_.data () + image_.size () - used_ + 4 * index, 4);
        return value;
    }
    std::string text (l4::Address at) const
    {
        return reinterpret_cast<char const*> (&image_[image_.size () - (layout::stack_end - at)]);
    }

    ElfProgram program {};

private:
    std::vector<std::byte> image_ {};
    Word used_ { 0 };
};

TEST (UnixInitialStack, HasArgumentsEnvironmentAndAuxiliaryVector)
{
    Arguments arguments;
    for (char const* const value : { "/bin/sh", "", "-c" })
        ASSERT_TRUE (arguments.values.add (value));
    ASSERT_TRUE (arguments.environment.add ("A=1"));
    Stack stack;
    stack.program.entry = 0x08048100;
    stack.program.headers = 0x08048034;
    stack.program.header_count = 5;
    Word const used = stack.build (arguments);
    ASSERT_NE (used, 0u);
    EXPECT_EQ (used % 16, 0u);
    EXPECT_EQ (stack.word (0), 3u);
    EXPECT_EQ (stack.text (stack.word (1)), "/bin/sh");
    EXPECT_EQ (stack.text (stack.word (2)), "");
    EXPECT_EQ (stack.text (stack.word (3)), "-c");
    EXPECT_EQ (stack.word (4), 0u);
    EXPECT_EQ (stack.text (stack.word (5)), "A=1");
    EXPECT_EQ (stack.word (6), 0u);
    std::map<Auxiliary, Word> vector;
    for (Word at = 7; static_cast<Auxiliary> (stack.word (at)) != Auxiliary::end; at += 2)
        vector[static_cast<Auxiliary> (stack.word (at))] = stack.word (at + 1);
    EXPECT_EQ (vector[Auxiliary::headers], 0x08048034u);
    EXPECT_EQ (vector[Auxiliary::header_count], 5u);
    EXPECT_EQ (vector[Auxiliary::base], 0x06000000u);
    EXPECT_EQ (vector[Auxiliary::entry], 0x08048100u);
    EXPECT_EQ (stack.text (vector[Auxiliary::random])[0], '\1');
}

TEST (UnixInitialStack, IsAlignedForAnyNumberOfStrings)
{
    Arguments arguments;
    Stack stack;
    for (int n = 0; n < 9; ++n) {
        EXPECT_EQ (stack.build (arguments) % 16, 0u) << n;
        EXPECT_EQ (stack.word (0), arguments.values.count ());
        ASSERT_TRUE (arguments.values.add (std::string (static_cast<std::size_t> (n), 'x')));
    }
}

TEST (UnixInitialStack, SaysWhenItDoesNotFit)
{
    Arguments arguments;
    while (arguments.values.add ("0123456789"))
        continue;
    Stack stack;
    EXPECT_EQ (stack.build (arguments, 4096), 0u);
    EXPECT_EQ (stack.build (arguments, 64), 0u);
    EXPECT_NE (stack.build (arguments, 24 * 1024), 0u);
}

std::string words_of (char const* line, bool has_shell = false)
{
    Arguments arguments;
    if (!read_command_line (line, has_shell, arguments))
        return "refused";
    std::string text { arguments.values.text () };
    for (char& c : text)
        if (c == '\0')
            c = '|';
    return text;
}

TEST (UnixCommandLine, TakesACommandApart)
{
    EXPECT_EQ (words_of ("-c 'hello a  b'"), "/bin/hello|a|b|");
    EXPECT_EQ (words_of ("-c  /sbin/x "), "/sbin/x|");
    EXPECT_EQ (words_of ("-c \"x\""), "/bin/x|");
    EXPECT_EQ (words_of ("-c 'echo \"a  b\" | wc'", true), "/bin/sh|-c|echo \"a  b\" | wc|");
    EXPECT_EQ (words_of ("-c ls", true), "/bin/sh|-c|ls|");
    EXPECT_EQ (words_of ("-c ' '", true), "refused");
    EXPECT_EQ (words_of ("", true), "/bin/sh|-l|");
    for (char const* const line : { "", "hello", "-c", "-c ''", "-c '", "-c 'x\"", "-x y" })
        EXPECT_EQ (words_of (line), "refused") << line;
    EXPECT_EQ (words_of (("-c " + std::string (300, 'x')).c_str ()), "refused");
}

std::string root_of (char const* text, std::string& rest)
{
    std::string_view line = text;
    RootName const root { line };
    rest = line;
    return std::string { root.module () };
}

TEST (UnixCommandLine, NamesARootFileSystem)
{
    std::string rest;
    EXPECT_EQ (root_of ("-c --root", rest), "unix.root");
    EXPECT_EQ (rest, "-c --root");
    EXPECT_EQ (root_of (" --root test  -c x", rest), "test.root");
    EXPECT_EQ (rest, "  -c x");
    EXPECT_EQ (root_of ("--root", rest), ".root");
    EXPECT_EQ (rest, "");
    EXPECT_EQ (root_of (("--root " + std::string (300, 'x')).c_str (), rest),
               std::string (11, 'x') + ".root");
}

}  // namespace
