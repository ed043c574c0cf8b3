// SPDX-License-Identifier: BSD-2-Clause
/// @file  Pipes: a ring of bytes, who has it open, and who waits.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "../fs/budget.hpp"
#include "../process/wait_queue.hpp"

namespace unix_server {

/// 64 KB in frames that are taken when bytes first come to them.
class PipeRing {
public:
    static constexpr Word most_frames = 16;
    static constexpr Word capacity = most_frames * l4::page_size;

    [[nodiscard]] Word size () const { return size_; }
    [[nodiscard]] Word room () const { return capacity - size_; }

    /// Take the frames for so many more bytes. @return false: no memory. @pre bytes <= room ()
    [[nodiscard]] bool reserve (Word bytes, FrameBudget& budget);

    /// Where the next bytes go, in one piece. @pre reserved
    [[nodiscard]] std::span<std::byte> back () const;
    void push (Word bytes) { size_ += bytes; }

    /// The oldest bytes, in one piece; empty: there are none
    [[nodiscard]] std::span<std::byte const> front () const;
    void pop (Word bytes);

    void give_back (FrameBudget& budget);

private:
    std::array<Address, most_frames> frames_ {};
    Word begin_ { 0 };
    Word size_ { 0 };
};

struct Pipe {
    /// A write of so many bytes comes in one piece.
    static constexpr Word atomic = 4096;

    PipeRing ring {};
    Word readers { 0 };             ///< open files
    Word writers { 0 };
    Word readers_ever { 0 };        ///< for those who wait in open
    Word writers_ever { 0 };
    WaitQueue readable {};
    WaitQueue writable {};

    [[nodiscard]] bool is_used () const { return readers != 0 || writers != 0; }
};

class Pipes {
public:
    static constexpr std::size_t capacity = 64;

    /// One that nobody has open yet. nullptr: there are too many
    [[nodiscard]] Pipe* create ()
    {
        for (Pipe& pipe : pipes_)
            if (!pipe.is_used ()) {
                pipe = {};
                return &pipe;
            }
        return nullptr;
    }

private:
    std::array<Pipe, capacity> pipes_ {};
};

}  // namespace unix_server
