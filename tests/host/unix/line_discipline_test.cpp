// SPDX-License-Identifier: BSD-2-Clause
/// @file  The terminal's line discipline: editing, echo, signals, raw mode; and random keys against
///        a model that edits a list of lines.
#include <deque>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <unix/io/line_discipline.hpp>

namespace {

using namespace unix_server;

struct Screen {
    std::string text {};

    void put (char c) { text += c; }
};

class Line : public testing::Test {
protected:
    Line () { line.set_settings (usual_settings); }

    Signal type (std::string_view keys)
    {
        Signal last = Signal::none;
        for (char const key : keys)
            if (Signal const signal = line.type (key, screen); signal != Signal::none)
                last = signal;
        return last;
    }
    std::string read (Word most = 100)
    {
        char text[LineDiscipline::capacity];
        return { text, line.read (text, most) };
    }
    std::string shown () { return std::exchange (screen.text, {}); }
    void change (void (*how) (TerminalSettings&))
    {
        TerminalSettings settings = line.settings ();
        how (settings);
        line.set_settings (settings);
    }

    LineDiscipline line {};
    Screen screen {};
};

TEST_F (Line, IsReadWhenItIsFinished)
{
    type ("ab");
    EXPECT_FALSE (line.is_readable ());
    EXPECT_EQ (read (), "");
    type ("c\r");
    EXPECT_TRUE (line.is_readable ());
    EXPECT_EQ (line.readable (), 4u);
    EXPECT_EQ (read (), "abc\n");
    EXPECT_EQ (shown (), "abc\r\n");
    EXPECT_FALSE (line.is_readable ());
}

TEST_F (Line, AReadGetsOneLineOrPartOfIt)
{
    type ("one\rtwo\r");
    EXPECT_EQ (read (2), "on");
    EXPECT_EQ (read (), "e\n");
    EXPECT_EQ (read (), "two\n");
    EXPECT_EQ (read (), "");
}

TEST_F (Line, EraseTakesWhatIsOnTheScreen)
{
    type ("ab\x7f");
    EXPECT_EQ (shown (), "ab\b \b");
    type ("\x01\x7f");
    EXPECT_EQ (shown (), "^A\b \b\b \b");
    type ("\x7f\x7f\x7f");
    EXPECT_EQ (shown (), "\b \b") << "nothing is left of the line behind its first character";
    type ("x\r");
    EXPECT_EQ (read (), "x\n");
}

TEST_F (Line, ATabIsErasedToWhereItBegan)
{
    for (char const c : std::string_view { "$ " })
        line.write (c, screen);
    shown ();
    type ("abc\t");
    shown ();
    type ("\x7f");
    EXPECT_EQ (shown (), "\b\b\b") << "from column 8 to column 5";
    type ("\t\x7f\x7f");
    EXPECT_EQ (shown (), "\t\b\b\b\b \b");
}

TEST_F (Line, KillAndEraseWord)
{
    type ("echo one  two\x17");
    EXPECT_EQ (shown (), "echo one  two\b \b\b \b\b \b");
    type ("\x17\r");
    EXPECT_EQ (read (), "echo \n");
    type ("gone\x15now\r");
    EXPECT_EQ (read (), "now\n");
    shown ();
    change ([] (TerminalSettings& s) { s.local &= ~terminal_local::echo_kill_by_erasing; });
    type ("ab\x15");
    EXPECT_EQ (shown (), "ab^U\r\n");
}

TEST_F (Line, EndOfFile)
{
    type ("\x04");
    EXPECT_TRUE (line.is_readable ());
    EXPECT_EQ (line.readable (), 0u);
    EXPECT_EQ (read (), "");
    EXPECT_FALSE (line.is_readable ()) << "it is read once";
    type ("ab\x04");
    EXPECT_EQ (read (), "ab");
    EXPECT_FALSE (line.is_readable ());
    EXPECT_EQ (shown (), "ab");
    type ("abcd\x04");
    EXPECT_EQ (read (4), "abcd");
    EXPECT_FALSE (line.is_readable ()) << "it only ended the four";
}

TEST_F (Line, SignalsForgetTheLine)
{
    type ("one\rtwo");
    EXPECT_EQ (type ("\x03"), Signal::interrupt);
    EXPECT_FALSE (line.is_readable ());
    EXPECT_EQ (shown (), "one\r\ntwo^C");
    EXPECT_EQ (type ("\x1c"), Signal::quit);
    EXPECT_EQ (type ("\x1a"), Signal::terminal_stop);
    type ("three\r");
    EXPECT_EQ (read (), "three\n");
    change ([] (TerminalSettings& s) { s.local |= terminal_local::no_flush; });
    type ("four\r\x03");
    EXPECT_EQ (read (), "four\n");
    change ([] (TerminalSettings& s) { s.local &= ~terminal_local::signals; });
    EXPECT_EQ (type ("\x03\r"), Signal::none);
    EXPECT_EQ (read (), "\x03\n");
}

TEST_F (Line, LiterallyTheNextKeyIsNothingElse)
{
    EXPECT_EQ (type ("a\x16\x03\x16\x7f\x16\r\r"), Signal::none);
    EXPECT_EQ (read (), std::string ("a\x03\x7f\r\n"));
}

TEST_F (Line, FlowControl)
{
    type ("\x13");
    EXPECT_TRUE (line.is_stopped ());
    type ("\x11");
    EXPECT_FALSE (line.is_stopped ());
    type ("\x13");
    EXPECT_EQ (type ("\x03"), Signal::interrupt);
    EXPECT_FALSE (line.is_stopped ());
    type ("x\r");
    EXPECT_EQ (read (), "x\n");
}

TEST_F (Line, RawKeysComeAsTheyAre)
{
    type ("before\rrest");
    change ([] (TerminalSettings& s) {
        s.local = 0;
        s.input = 0;
        s.output = 0;
    });
    shown ();
    EXPECT_EQ (read (), "before\nrest") << "what was typed stays";
    EXPECT_EQ (type ("\x03\x04\r\n\x7f"), Signal::none);
    EXPECT_TRUE (line.is_readable (5));
    EXPECT_FALSE (line.is_readable (6));
    EXPECT_EQ (read (2), "\x03\x04");
    EXPECT_EQ (read (), "\r\n\x7f");
    EXPECT_EQ (shown (), "");
    line.write ('\n', screen);
    EXPECT_EQ (shown (), "\n");
    type ("kept");
    line.set_settings (usual_settings);
    EXPECT_EQ (read (), "kept") << "as a line without end";
}

TEST_F (Line, ReturnsAndNewlines)
{
    change ([] (TerminalSettings& s) { s.input |= terminal_input::ignore_return; });
    type ("a\r\n");
    EXPECT_EQ (read (), "a\n");
    change ([] (TerminalSettings& s) { s.input = terminal_input::newline_to_return; });
    type ("b\n");
    EXPECT_FALSE (line.is_readable ()) << "^M is no end of a line";
}

TEST_F (Line, WithoutEchoOnlyNewlinesIfWanted)
{
    change ([] (TerminalSettings& s) { s.local &= ~terminal_local::echo; });
    type ("secret\r");
    EXPECT_EQ (shown (), "");
    change ([] (TerminalSettings& s) { s.local |= terminal_local::echo_newline; });
    type ("x\r");
    EXPECT_EQ (shown (), "\r\n");
}

TEST_F (Line, AFullLineStillHasAnEnd)
{
    type (std::string (LineDiscipline::capacity + 100, 'x'));
    type ("\r\r\r");
    std::string const all = read (LineDiscipline::capacity + 1);
    EXPECT_EQ (all.size (), LineDiscipline::capacity);
    EXPECT_EQ (all.back (), '\n');
    EXPECT_FALSE (line.is_readable ());
}

/// Lines as a person sees them.
struct Model {
    std::deque<std::string> lines {};   ///< finished; with their newlines
    std::string typed {};

    void type (char c)
    {
        switch (c) {
        case '\r':
        case '\n':
            lines.push_back (typed + '\n');
            typed.clear ();
            break;
        case 0x7F:
            if (!typed.empty ())
                typed.pop_back ();
            break;
        case 21: typed.clear (); break;
        case 4:
            lines.push_back (typed);
            typed.clear ();
            break;
        case 3:
            lines.clear ();
            typed.clear ();
            break;
        default: typed += c;
        }
    }
};

TEST_F (Line, RandomKeysGiveTheLinesOfTheModel)
{
    std::mt19937 random { 20 };
    Model model;
    for (int round = 0; round < 100'000; ++round) {
        constexpr std::string_view keys = "abc \t\x01\x7f\x7f\x15\r\n\x04\x03";
        char const key = keys[random () % keys.size ()];
        if (model.typed.size () < 1000 && model.lines.size () < 20) {
            type ({ &key, 1 });
            model.type (key);
        }
        ASSERT_EQ (line.is_readable (), !model.lines.empty ());
        if (random () % 4 == 0 && !model.lines.empty ()) {
            std::string& wanted = model.lines.front ();
            auto const most = static_cast<Word> (1 + random () % 12);
            std::string const part = wanted.substr (0, most);
            ASSERT_EQ (read (most), part);
            wanted.erase (0, part.size ());
            // Its end, or the end of file behind it, went with the last byte.
            if (wanted.empty ())
                model.lines.pop_front ();
        }
    }
}

}  // namespace
