// SPDX-License-Identifier: BSD-2-Clause
/// @file  What a terminal does with the keys that are typed, and with what is written to it: line
///        editing, echo, keys that send signals, newlines.
///
/// Functions that print take `out`, which has put (char).
///
/// Context: pure; host tests in tests/host/unix.
/// Source: POSIX.1, chapter 11; termios(3); for what is echoed, what Linux shows.
#pragma once

#include <array>

#include "../abi/signal.hpp"
#include "../abi/terminal.hpp"

namespace unix_server {

constexpr TerminalSettings usual_settings {
    terminal_input::return_to_newline | terminal_input::flow_control,
    terminal_output::process | terminal_output::newline_to_both,
    terminal_control::speed_38400 | terminal_control::eight_bits | terminal_control::receives
        | terminal_control::hangs_up,
    terminal_local::signals | terminal_local::canonical | terminal_local::echo
        | terminal_local::echo_erase | terminal_local::echo_kill | terminal_local::echo_control
        | terminal_local::echo_kill_by_erasing | terminal_local::extended,
    0,
    { 3, 28, 0x7F, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0 },
};

class LineDiscipline {
public:
    static constexpr Word capacity = 4096;

    /// All zeros at first: raw, and without echo.
    [[nodiscard]] TerminalSettings const& settings () const { return settings_; }
    /// What was typed stays, whatever is made of it now.
    void set_settings (TerminalSettings const& wanted)
    {
        bool const was_canonical = is_canonical ();
        settings_ = wanted;
        if (was_canonical == is_canonical ())
            return;
        ends_ = {};
        if (is_canonical () && size () != 0)
            mark_end (head_ - 1);
        complete_ = head_;
    }

    /// A key was typed. @return the signal for the foreground, or none
    template <typename Out>
    Signal type (char key, Out&& out)
    {
        auto c = static_cast<std::uint8_t> (key);
        if (has_input (terminal_input::strip))
            c &= 0x7F;
        if (next_is_literal_) {
            next_is_literal_ = false;
            add (c, out);
            return Signal::none;
        }
        if (c == '\r') {
            if (has_input (terminal_input::ignore_return))
                return Signal::none;
            if (has_input (terminal_input::return_to_newline))
                c = '\n';
        } else if (c == '\n' && has_input (terminal_input::newline_to_return)) {
            c = '\r';
        }
        if (controls_flow (c))
            return Signal::none;
        if (Signal const signal = signal_of (c); signal != Signal::none) {
            is_stopped_ = false;
            if (!has_local (terminal_local::no_flush))
                flush ();
            if (has_local (terminal_local::echo))
                echo (c, out);
            return signal;
        }
        if (is_canonical ())
            edit (c, out);
        else
            add (c, out);
        return Signal::none;
    }

    /// Whether a read need not wait: for a line, or for as many bytes.
    [[nodiscard]] bool is_readable (Word least = 1) const
    {
        return is_canonical () ? complete_ != tail_ : size () >= least;
    }
    [[nodiscard]] bool edits_lines () const { return is_canonical (); }
    /// What a read can get: bytes of finished lines, or all.
    [[nodiscard]] Word readable () const
    {
        if (!is_canonical ())
            return size ();
        Word bytes = 0;
        for (Word at = tail_; at != complete_; ++at)
            bytes += is_end_of_file (at) ? 0 : 1;
        return bytes;
    }

    /// Take up to `most` bytes, of one line only if lines are edited.
    /// @return how many; 0: there is nothing, or the end of the file was typed
    Word read (char* to, Word most)
    {
        bool const canonical = is_canonical ();
        Word count = 0;
        bool is_over = false;
        while (!is_over && count < most && tail_ != complete_) {
            is_over = canonical && is_end (tail_);
            if (!canonical || !is_end_of_file (tail_))
                to[count++] = text_[tail_ % capacity];
            ++tail_;
        }
        // Behind the last byte that was asked for it is no end of file any more.
        if (!is_over && count != 0 && canonical && tail_ != complete_ && is_end_of_file (tail_))
            ++tail_;
        return count;
    }

    /// Forget what was typed.
    void flush () { tail_ = complete_ = head_; }

    /// Whether ^S has stopped what is written.
    [[nodiscard]] bool is_stopped () const { return is_stopped_; }

    /// How many characters `write` may make of one: there must be room for them.
    static constexpr Word most_per_character = 8;

    /// A program writes.
    template <typename Out>
    void write (char c, Out&& out)
    {
        if ((settings_.output & terminal_output::process) == 0) {
            emit (c, out);
            return;
        }
        switch (c) {
        case '\n':
            if ((settings_.output & terminal_output::newline_to_both) != 0)
                emit ('\r', out);
            break;
        case '\r':
            if ((settings_.output & terminal_output::no_return_at_begin) != 0 && column_ == 0)
                return;
            if ((settings_.output & terminal_output::return_to_newline) != 0) {
                emit ('\n', out);
                return;
            }
            break;
        case '\t':
            if ((settings_.output & terminal_output::tabs) == terminal_output::tabs) {
                for (Word blanks = to_next_tab (column_); blanks > 0; --blanks)
                    emit (' ', out);
                return;
            }
            break;
        }
        emit (c, out);
    }

private:
    static constexpr std::uint8_t bell = 7;

    [[nodiscard]] static constexpr bool is_control (std::uint8_t c) { return c < ' ' || c == 0x7F; }
    [[nodiscard]] static constexpr bool is_word (std::uint8_t c)
    {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
               || c == '_';
    }
    [[nodiscard]] static constexpr Word to_next_tab (Word column) { return 8 - column % 8; }

    [[nodiscard]] bool has_input (Word flag) const { return (settings_.input & flag) != 0; }
    [[nodiscard]] bool has_local (Word flag) const { return (settings_.local & flag) != 0; }
    [[nodiscard]] bool is_canonical () const { return has_local (terminal_local::canonical); }
    [[nodiscard]] bool is_key (std::uint8_t c, std::size_t which) const
    {
        return settings_.keys[which] == c && c != 0;
    }
    [[nodiscard]] bool is_extended_key (std::uint8_t c, std::size_t which) const
    {
        return has_local (terminal_local::extended) && is_key (c, which);
    }

    [[nodiscard]] bool controls_flow (std::uint8_t c)
    {
        if (!has_input (terminal_input::flow_control))
            return false;
        bool const is_stop = is_key (c, terminal_key::stop);
        bool const is_start = is_key (c, terminal_key::start);
        if (is_stop || is_start)
            is_stopped_ = is_stop && !(is_start && is_stopped_);
        else if (has_input (terminal_input::any_key_starts))
            is_stopped_ = false;
        return is_stop || is_start;
    }

    [[nodiscard]] Signal signal_of (std::uint8_t c) const
    {
        if (!has_local (terminal_local::signals))
            return Signal::none;
        if (is_key (c, terminal_key::interrupt))
            return Signal::interrupt;
        if (is_key (c, terminal_key::quit))
            return Signal::quit;
        return is_key (c, terminal_key::suspend) ? Signal::terminal_stop : Signal::none;
    }

    // The line that is being typed is [complete_, head_).

    template <typename Out>
    void edit (std::uint8_t c, Out& out)
    {
        if (is_key (c, terminal_key::erase)) {
            if (head_ != complete_)
                erase_one (out);
        } else if (is_key (c, terminal_key::kill)) {
            kill_line (c, out);
        } else if (is_extended_key (c, terminal_key::erase_word)) {
            erase_word (out);
        } else if (is_extended_key (c, terminal_key::literally)) {
            next_is_literal_ = true;
            if (has_local (terminal_local::echo) && has_local (terminal_local::echo_control))
                put_all ("^\b", out);
        } else if (is_extended_key (c, terminal_key::reprint)) {
            if (has_local (terminal_local::echo))
                reprint (c, out);
        } else if (is_key (c, terminal_key::end_of_file)) {
            if (add_end ('\0'))
                ends_of_file_.set (head_ - 1);
        } else if (c == '\n' || is_key (c, terminal_key::end_of_line)
                   || is_extended_key (c, terminal_key::end_of_line_2)) {
            if (c == '\n' ? has_local (terminal_local::echo | terminal_local::echo_newline)
                          : has_local (terminal_local::echo))
                echo (c, out);
            add_end (c);
        } else {
            add (c, out);
        }
    }

    /// A character like any other.
    template <typename Out>
    void add (std::uint8_t c, Out& out)
    {
        // There is always room for the end of a line.
        if (size () >= capacity - 1) {
            if (has_input (terminal_input::bell_when_full))
                emit (static_cast<char> (bell), out);
            return;
        }
        if (has_local (terminal_local::echo)) {
            if (head_ == complete_)
                line_column_ = column_;
            echo (c, out);
        }
        push (c);
        if (!is_canonical ())
            complete_ = head_;
    }

    /// @return false: not even for that there is room
    bool add_end (std::uint8_t c)
    {
        if (size () == capacity)
            return false;
        push (c);
        mark_end (head_ - 1);
        complete_ = head_;
        return true;
    }

    template <typename Out>
    void erase_one (Out& out)
    {
        --head_;
        if (!has_local (terminal_local::echo))
            return;
        auto const c = static_cast<std::uint8_t> (text_[head_ % capacity]);
        if (!has_local (terminal_local::echo_erase)) {
            echo (settings_.keys[terminal_key::erase], out);
            return;
        }
        Word width = 1;
        if (c == '\t')
            width = column_ - column_of_head ();
        else if (is_control (c))
            width = has_local (terminal_local::echo_control) ? 2 : 0;
        for (; width > 0; --width)
            put_all (c == '\t' ? "\b" : "\b \b", out);
    }

    template <typename Out>
    void erase_word (Out& out)
    {
        bool in_word = false;
        while (head_ != complete_) {
            bool const letter = is_word (static_cast<std::uint8_t> (text_[(head_ - 1) % capacity]));
            if (in_word && !letter)
                return;
            in_word = letter;
            erase_one (out);
        }
    }

    template <typename Out>
    void kill_line (std::uint8_t c, Out& out)
    {
        bool const by_erasing = has_local (terminal_local::echo)
                                && has_local (terminal_local::echo_kill)
                                && has_local (terminal_local::echo_kill_by_erasing)
                                && has_local (terminal_local::echo_erase);
        while (by_erasing && head_ != complete_)
            erase_one (out);
        if (by_erasing || !has_local (terminal_local::echo)) {
            head_ = complete_;
            return;
        }
        head_ = complete_;
        echo (c, out);
        if (has_local (terminal_local::echo_kill))
            write ('\n', out);
    }

    template <typename Out>
    void reprint (std::uint8_t c, Out& out)
    {
        echo (c, out);
        write ('\n', out);
        line_column_ = column_;
        for (Word at = complete_; at != head_; ++at)
            echo (static_cast<std::uint8_t> (text_[at % capacity]), out);
    }

    /// Where the cursor would be behind the line as it is.
    [[nodiscard]] Word column_of_head () const
    {
        Word column = line_column_;
        for (Word at = complete_; at != head_; ++at) {
            auto const c = static_cast<std::uint8_t> (text_[at % capacity]);
            if (c == '\t')
                column += to_next_tab (column);
            else if (is_control (c))
                column += has_local (terminal_local::echo_control) ? 2 : 0;
            else
                ++column;
        }
        return column < column_ ? column : column_;
    }

    // What is printed.

    template <typename Out>
    void echo (std::uint8_t c, Out& out)
    {
        if (is_control (c) && c != '\t' && c != '\n'
            && has_local (terminal_local::echo_control)) {
            emit ('^', out);
            emit (static_cast<char> (c ^ 0x40), out);
        } else {
            write (static_cast<char> (c), out);
        }
    }

    template <typename Out>
    void put_all (char const* text, Out& out)
    {
        for (; *text != '\0'; ++text)
            emit (*text, out);
    }

    template <typename Out>
    void emit (char c, Out& out)
    {
        out.put (c);
        switch (c) {
        case '\r':
        case '\n': column_ = 0; break;
        case '\b': column_ -= column_ != 0 ? 1 : 0; break;
        case '\t': column_ += to_next_tab (column_); break;
        default: column_ += is_control (static_cast<std::uint8_t> (c)) ? 0 : 1;
        }
    }

    // The ring.

    [[nodiscard]] Word size () const { return head_ - tail_; }
    void push (std::uint8_t c)
    {
        text_[head_ % capacity] = static_cast<char> (c);
        clear_end (head_);
        ++head_;
    }

    struct Bits {
        std::array<Word, capacity / 32> words {};

        [[nodiscard]] bool get (Word at) const
        {
            return (words[at % capacity / 32] >> at % 32 & 1) != 0;
        }
        void set (Word at) { words[at % capacity / 32] |= Word { 1 } << at % 32; }
        void clear (Word at) { words[at % capacity / 32] &= ~(Word { 1 } << at % 32); }
    };

    [[nodiscard]] bool is_end (Word at) const { return ends_.get (at); }
    [[nodiscard]] bool is_end_of_file (Word at) const { return ends_of_file_.get (at); }
    void mark_end (Word at) { ends_.set (at); }
    void clear_end (Word at)
    {
        ends_.clear (at);
        ends_of_file_.clear (at);
    }

    TerminalSettings settings_ {};
    bool next_is_literal_ { false };
    bool is_stopped_ { false };
    Word column_ { 0 };
    Word line_column_ { 0 };            ///< where the line that is being typed begins
    Word tail_ { 0 };                   ///< positions only grow
    Word complete_ { 0 };               ///< tail_ <= complete_ <= head_
    Word head_ { 0 };
    std::array<char, capacity> text_ {};
    Bits ends_ {};
    Bits ends_of_file_ {};
};

}  // namespace unix_server
