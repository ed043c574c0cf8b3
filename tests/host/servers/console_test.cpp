// SPDX-License-Identifier: BSD-2-Clause
/// @file  The console's line editor, command words and screen.
#include <array>
#include <string>

#include <gtest/gtest.h>

#include <console/command.hpp>
#include <console/key_queue.hpp>
#include <console/line_editor.hpp>
#include <console/screen.hpp>

namespace {

using console::CommandKind;
using console::LineEditor;
using Event = console::LineEditor::Event;

struct Echo {
    void put (char c) { text += c; }
    std::string text;
};

struct Terminal {
    /// The last event that was not `none`.
    Event type (std::string_view keys)
    {
        Event event = Event::none;
        for (char const c : keys)
            if (Event const next = editor.feed (c, echo); next != Event::none)
                event = next;
        return event;
    }

    LineEditor editor;
    Echo echo;
};

TEST (LineEditor, CollectsAndEchoesPrintableCharacters)
{
    Terminal terminal;
    EXPECT_EQ (terminal.type ("help ~!"), Event::none);
    EXPECT_EQ (terminal.editor.text (), "help ~!");
    EXPECT_EQ (terminal.echo.text, "help ~!");
}

TEST (LineEditor, ReturnOrNewlineEndTheLine)
{
    for (std::string_view const end : { "\r", "\n" }) {
        Terminal terminal;
        terminal.type ("info");
        EXPECT_EQ (terminal.type (end), Event::line);
        EXPECT_EQ (terminal.editor.text (), "info");
        EXPECT_EQ (terminal.echo.text, "info\n");
    }
}

TEST (LineEditor, ReturnAndNewlineAreOneEnd)
{
    Terminal terminal;
    EXPECT_EQ (terminal.type ("\r"), Event::line);
    EXPECT_EQ (terminal.type ("\n"), Event::none);
    EXPECT_EQ (terminal.type ("\n"), Event::line);
}

TEST (LineEditor, BackspaceDeletesTheLastCharacter)
{
    for (std::string_view const key : { "\b", "\x7F" }) {
        Terminal terminal;
        terminal.type ("ab");
        terminal.type (key);
        EXPECT_EQ (terminal.editor.text (), "a");
        EXPECT_EQ (terminal.echo.text, "ab\b \b");
    }
}

TEST (LineEditor, BackspaceOnAnEmptyLineDoesNothing)
{
    Terminal terminal;
    terminal.type ("\b\x7F\x15");
    EXPECT_EQ (terminal.editor.text (), "");
    EXPECT_EQ (terminal.echo.text, "");
}

TEST (LineEditor, ControlUClearsTheLine)
{
    Terminal terminal;
    terminal.type ("abc\x15x");
    EXPECT_EQ (terminal.editor.text (), "x");
    EXPECT_EQ (terminal.echo.text, "abc\b \b\b \b\b \bx");
}

TEST (LineEditor, ControlCGivesTheLineUp)
{
    Terminal terminal;
    EXPECT_EQ (terminal.type ("abc\x03"), Event::cancelled);
    EXPECT_EQ (terminal.editor.text (), "");
    EXPECT_EQ (terminal.echo.text, "abc^C\n");
}

TEST (LineEditor, AFullLineTakesNoMoreAndRings)
{
    Terminal terminal;
    terminal.type (std::string (LineEditor::capacity, 'x'));
    terminal.type ("y");
    EXPECT_EQ (terminal.editor.text ().size (), LineEditor::capacity);
    EXPECT_EQ (terminal.echo.text.back (), '\a');
    EXPECT_EQ (terminal.type ("\r"), Event::line);
}

TEST (LineEditor, CursorKeysAreSwallowed)
{
    Terminal terminal;
    terminal.type ("a\x1B[Ab\x1B[3~c\x1BOPd\x1B" "xe");
    EXPECT_EQ (terminal.editor.text (), "abcde");
}

TEST (LineEditor, ControlCharactersEndAnEscapeSequence)
{
    Terminal terminal;
    EXPECT_EQ (terminal.type ("a\x1B\r"), Event::line);
    terminal.editor.clear ();
    EXPECT_EQ (terminal.type ("a\x1B[1\r"), Event::line);
}

TEST (LineEditor, OtherBytesAreIgnored)
{
    Terminal terminal;
    terminal.type ("a\t\x01\x80\xFFz");
    EXPECT_EQ (terminal.editor.text (), "az");
}

std::string take_all (console::KeyQueue& keys)
{
    std::string all;
    for (char key = 0; keys.take (key);)
        all += key;
    return all;
}

void type_all (console::KeyQueue& keys, std::string_view typed)
{
    for (char const key : typed)
        keys.type (key);
}

TEST (KeyQueue, AtThePromptAllKeysAreKeys)
{
    console::KeyQueue keys;
    type_all (keys, "a\x03\x1d\x1dk");
    EXPECT_EQ (take_all (keys), "a\x03\x1d\x1dk");
    EXPECT_FALSE (keys.take_end ());
}

TEST (KeyQueue, ControlCEndsAProgramThatReadsNoKeys)
{
    console::KeyQueue keys;
    keys.begin_program ();
    type_all (keys, "ab\x03" "c");
    EXPECT_TRUE (keys.take_end ());
    EXPECT_FALSE (keys.take_end ());
    keys.end_program ();
    EXPECT_EQ (take_all (keys), "abc") << "the rest is for the prompt";
}

TEST (KeyQueue, AProgramThatReadsKeysGetsAllButTheEscape)
{
    console::KeyQueue keys;
    keys.begin_program ();
    keys.set_raw ();
    type_all (keys, "\x03" "a\x1d\x1d" "b\x1dx");
    EXPECT_FALSE (keys.take_end ());
    EXPECT_EQ (take_all (keys), "\x03" "a\x1d" "b\x1dx");
    type_all (keys, "\x1dk");
    EXPECT_TRUE (keys.take_end ());
    EXPECT_EQ (take_all (keys), "");
    keys.end_program ();
    type_all (keys, "\x1dk");
    EXPECT_EQ (take_all (keys), "\x1dk");
}

TEST (KeyQueue, WhatThereIsNoRoomForIsLost)
{
    console::KeyQueue keys;
    type_all (keys, std::string (console::KeyQueue::capacity + 5, 'x'));
    EXPECT_EQ (take_all (keys).size (), console::KeyQueue::capacity);
}

TEST (Command, KnowsItsWords)
{
    EXPECT_EQ (console::parse_command ("help").kind, CommandKind::help);
    EXPECT_EQ (console::parse_command ("  info ").kind, CommandKind::info);
    EXPECT_EQ (console::parse_command ("bench").kind, CommandKind::bench);
    EXPECT_EQ (console::parse_command ("test").kind, CommandKind::test);
    EXPECT_EQ (console::parse_command ("run l4env byhand").kind, CommandKind::run);
    EXPECT_EQ (console::parse_command ("reboot").kind, CommandKind::reboot);
    EXPECT_EQ (console::parse_command ("halt").kind, CommandKind::halt);
}

TEST (Command, SeparatesTheArguments)
{
    auto const command = console::parse_command (" bench  ipc  --format csv ");
    EXPECT_EQ (command.kind, CommandKind::bench);
    EXPECT_EQ (command.word, "bench");
    EXPECT_EQ (command.arguments, "ipc  --format csv");
}

TEST (Command, BlankLinesAreEmptyAndTheRestIsUnknown)
{
    EXPECT_EQ (console::parse_command ("").kind, CommandKind::empty);
    EXPECT_EQ (console::parse_command ("   ").kind, CommandKind::empty);
    for (std::string_view const line : { "Help", "helpx", "hel", "x help" })
        EXPECT_EQ (console::parse_command (line).kind, CommandKind::unknown) << line;
}

/// The CRTC's two cursor registers.
struct FakeIo {
    std::uint8_t in8 (l4::Word port) { return port == 0x3D5 ? (*registers)[index] : 0; }
    void out8 (l4::Word port, std::uint8_t value)
    {
        if (port == 0x3D4)
            index = value;
        else if (port == 0x3D5)
            (*registers)[index] = value;
    }

    std::array<std::uint8_t, 256>* registers;
    std::uint8_t index { 0 };
};

struct Display {
    using Screen = console::Screen<FakeIo>;

    explicit Display (unsigned cursor = 0)
    {
        cells.fill (0x0700 | '.');
        registers[14] = static_cast<std::uint8_t> (cursor >> 8);
        registers[15] = static_cast<std::uint8_t> (cursor);
    }

    Screen screen () { return Screen { cells.data (), FakeIo { &registers } }; }
    std::string row (unsigned n, unsigned length) const
    {
        std::string text;
        for (unsigned i = 0; i < length; ++i)
            text += static_cast<char> (cells[n * 80 + i]);
        return text;
    }
    unsigned cursor () const { return registers[14] << 8 | registers[15]; }

    std::array<std::uint16_t, 2000> cells {};
    std::array<std::uint8_t, 256> registers {};
};

TEST (Screen, GoesOnWhereTheCursorWas)
{
    Display display { 3 * 80 };
    auto screen = display.screen ();
    screen.write ("Pecan\nx");
    EXPECT_EQ (display.row (3, 6), "Pecan.");
    EXPECT_EQ (display.row (4, 2), "x.");
    EXPECT_EQ (display.cursor (), 4u * 80 + 1);
    EXPECT_EQ (display.cells[3 * 80], 0x0700 | 'P');
}

TEST (Screen, ReturnAndBackspaceMoveTheCursorWithinTheLine)
{
    Display display;
    auto screen = display.screen ();
    screen.write ("abc\rX\b\b\bY");
    EXPECT_EQ (display.row (0, 3), "Ybc");
    EXPECT_EQ (display.cursor (), 1u);
}

TEST (Screen, LongLinesGoOnInTheNext)
{
    Display display;
    auto screen = display.screen ();
    screen.write (std::string (81, 'x'));
    EXPECT_EQ (display.row (1, 2), "x.");
}

TEST (Screen, ScrollsWhenTheLastLineIsFull)
{
    Display display { 24 * 80 };
    auto screen = display.screen ();
    screen.write ("last\nnew");
    EXPECT_EQ (display.row (23, 5), "last.");
    EXPECT_EQ (display.row (24, 5), "new  ");
    EXPECT_EQ (display.row (22, 4), "....");
    EXPECT_EQ (display.cursor (), 24u * 80 + 3);
}

TEST (Screen, ACursorOutsideTheScreenStartsAtTheTop)
{
    Display display { 2000 };
    auto screen = display.screen ();
    screen.write ("a");
    EXPECT_EQ (display.cursor (), 1u);
}

TEST (Screen, BellsAndEscapesAreNotShown)
{
    Display display;
    auto screen = display.screen ();
    screen.write ("a\a\x1B" "b");
    EXPECT_EQ (display.row (0, 3), "ab.");
}

}  // namespace
