// SPDX-License-Identifier: BSD-2-Clause
/// @file  The scanner's own replacement policy: who goes round and round through more pages than
///        there are frames should throw out what it has just used, because that is what it will
///        need last.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <pagers/replacement.hpp>

namespace scanner {

using pagers::Word;

template <std::size_t Capacity>
class MostRecent {
public:
    explicit constexpr MostRecent (Word) {}

    void inserted (Word frame) { frames_.push (frame); }
    void rescued (Word) {}
    void removed (Word frame) { frames_.take_out (frame); }
    [[nodiscard]] Word deactivate () const { return pagers::no_frame; }
    [[nodiscard]] Word victim () { return frames_.pop_newest (); }

private:
    pagers::FrameQueue<Capacity> frames_ {};
};

}  // namespace scanner
