// SPDX-License-Identifier: BSD-2-Clause
/// @file  Keys between the one who types and the one who reads: the prompt, or a program that has
///        the console's keyboard.
///
/// While a program runs that does not read keys, ^C ends it, and the rest waits for the prompt. A
/// program that has read keys gets all of them. What ends that one, too, is ^] followed by k;
/// ^] ^] is the key ^], and before any other key ^] is passed on like that one.
#pragma once

#include <cstddef>

namespace console {

class KeyQueue {
public:
    static constexpr std::size_t capacity = 256;
    static constexpr char interrupt = 3;
    static constexpr char escape = 29;

    void begin_program () { has_program_ = true; }
    /// What it has not read is for the prompt.
    void end_program () { has_program_ = is_raw_ = is_escaped_ = wants_end_ = false; }
    /// The program reads keys.
    void set_raw () { is_raw_ = true; }

    void type (char key)
    {
        bool const was_escaped = is_escaped_;
        is_escaped_ = false;
        if (!has_program_)
            push (key);
        else if (was_escaped)
            type_escaped (key);
        else if (key == escape)
            is_escaped_ = true;
        else if (key == interrupt && !is_raw_)
            wants_end_ = true;
        else
            push (key);
    }

    /// @return false: there is none
    bool take (char& key)
    {
        if (count_ == 0)
            return false;
        key = keys_[first_];
        first_ = (first_ + 1) % capacity;
        --count_;
        return true;
    }

    /// Whether the program shall end, since this was asked.
    [[nodiscard]] bool take_end ()
    {
        bool const wants_end = wants_end_;
        wants_end_ = false;
        return wants_end;
    }

private:
    void type_escaped (char key)
    {
        if (key == 'k') {
            wants_end_ = true;
            return;
        }
        push (escape);
        if (key != escape)
            push (key);
    }

    /// What there is no room for is lost.
    void push (char key)
    {
        if (count_ == capacity)
            return;
        keys_[(first_ + count_) % capacity] = key;
        ++count_;
    }

    bool has_program_ { false };
    bool is_raw_ { false };
    bool is_escaped_ { false };
    bool wants_end_ { false };
    std::size_t first_ { 0 };
    std::size_t count_ { 0 };
    char keys_[capacity] {};
};

}  // namespace console
