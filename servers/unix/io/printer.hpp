// SPDX-License-Identifier: BSD-2-Clause
/// @file  What is to be printed, and the thread that prints it, because the console takes its time.
///
/// The thread asks the loop for work and is answered when there is some; so neither waits while it
/// holds something that the other one needs.
#pragma once

#include <array>
#include <string_view>

#include <runtime/message.hpp>

#include "../process/wait_queue.hpp"

namespace unix_server {

class Printer {
public:
    static constexpr Word thread = 1;

    /// @return how much of it there was room for
    Word put (std::string_view text);
    [[nodiscard]] Word room () const { return capacity - count_; }
    [[nodiscard]] bool is_empty () const { return count_ == 0; }
    /// How much of it is still to be printed.
    [[nodiscard]] Word waiting () const { return count_; }

    /// A message of the server. Before `start` it is printed at once; later what there is no room
    /// for is lost.
    void print (std::string_view message);

    void start ();
    /// The thread asks for work, having printed `printed` characters.
    void has_printed (Word printed);
    /// Answer it if it waits and there is something.
    void go_on ();

    WaitQueue writers {};           ///< woken when there is room again

private:
    static constexpr Word capacity = 4096;

    std::array<char, capacity> text_ {};
    Word first_ { 0 };
    Word count_ { 0 };
    bool is_started_ { false };
    bool is_waiting_ { false };         ///< the thread, for work
};

}  // namespace unix_server
