// SPDX-License-Identifier: BSD-2-Clause
/// @file  A line of input, typed at a terminal: what the keys do, and what is echoed.
///
/// Printable characters append; Backspace (08h, 7Fh) deletes; ^U clears the line; ^C gives it
/// up; CR, LF or CR LF end it. Escape sequences of cursor keys are swallowed, everything else
/// is ignored. The echo of a line's end is a newline.
#pragma once

#include <string_view>

namespace console {

class LineEditor {
public:
    static constexpr std::size_t capacity = 200;

    enum class Event {
        none,
        line,               ///< `text ()` is complete
        cancelled,          ///< ^C: the line is empty again
    };

    /// @param out  has put (char)
    template <typename Out>
    Event feed (char c, Out& out)
    {
        bool const after_return = last_ == '\r';
        last_ = c;
        if (in_escape (c))
            return Event::none;
        switch (c) {
        case '\n':
            if (after_return)
                return Event::none;
            [[fallthrough]];
        case '\r': out.put ('\n'); return Event::line;
        case '\b':
        case 0x7F: erase (length_ == 0 ? 0 : 1, out); return Event::none;
        case control ('U'): erase (length_, out); return Event::none;
        case control ('C'):
            echo ("^C\n", out);
            length_ = 0;
            return Event::cancelled;
        default: return append (c, out);
        }
    }

    [[nodiscard]] std::string_view text () const { return { text_, length_ }; }

    /// Begin the next line.
    void clear () { length_ = 0; }

private:
    enum class Escape { none, begun, sequence };

    static constexpr char bell = 7;
    static constexpr char escape = 27;

    static constexpr char control (char letter) { return static_cast<char> (letter - 'A' + 1); }

    template <typename Out>
    static void echo (std::string_view text, Out& out)
    {
        for (char const c : text)
            out.put (c);
    }

    template <typename Out>
    void erase (std::size_t count, Out& out)
    {
        for (; count > 0; --count, --length_)
            echo ("\b \b", out);
    }

    template <typename Out>
    Event append (char c, Out& out)
    {
        if (c < ' ' || c > '~')
            return Event::none;
        if (length_ == capacity) {
            out.put (bell);
            return Event::none;
        }
        text_[length_++] = c;
        out.put (c);
        return Event::none;
    }

    /// ESC x, or ESC [ digits... letter. @return whether `c` is part of one
    bool in_escape (char c)
    {
        switch (escape_) {
        case Escape::none:
            escape_ = c == escape ? Escape::begun : Escape::none;
            return c == escape;
        case Escape::begun:
            escape_ = c == '[' || c == 'O' ? Escape::sequence : Escape::none;
            return c >= ' ';
        case Escape::sequence:
            if (c < '@')
                return c >= ' ' || leave_escape ();
            escape_ = Escape::none;
            return true;
        }
        return false;
    }

    bool leave_escape ()
    {
        escape_ = Escape::none;
        return false;
    }

    Escape escape_ { Escape::none };
    char last_ { 0 };
    std::size_t length_ { 0 };
    char text_[capacity] {};
};

}  // namespace console
