// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who waits for something: a set of processes.
///
/// A call that cannot be done yet names the queues it waits for; when one of them is woken, it is
/// carried out again from its registers, and may find that it has to wait again. So to be woken
/// for nothing costs time and nothing else, and nobody ever leaves a queue: a process that is in
/// it without waiting any more is just passed over. A queue needs no end either; it may vanish
/// with what it belongs to, once it is woken.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <bit>

#include <l4/word.hpp>

namespace unix_server {

using l4::Word;

/// Processes by their places in the table.
class ProcessSet {
public:
    static constexpr Word capacity = 32;

    [[nodiscard]] bool empty () const { return places_ == 0; }
    [[nodiscard]] bool contains (Word place) const { return (places_ >> place & 1) != 0; }
    void add (Word place) { places_ |= Word { 1 } << place; }
    void add (ProcessSet others) { places_ |= others.places_; }

    /// @pre not empty
    [[nodiscard]] Word take_first ()
    {
        auto const place = static_cast<Word> (std::countr_zero (places_));
        places_ &= places_ - 1;
        return place;
    }
    [[nodiscard]] ProcessSet take_all ()
    {
        ProcessSet const all = *this;
        places_ = 0;
        return all;
    }

private:
    Word places_ { 0 };
};

struct WaitQueue {
    ProcessSet waiting {};
};

}  // namespace unix_server
