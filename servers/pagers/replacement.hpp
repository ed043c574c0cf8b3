// SPDX-License-Identifier: BSD-2-Clause
/// @file  Which page leaves when memory is short. A policy sees frames come, be asked for again
///        and go, and names a victim.
///
///     void  inserted (frame)      a page came into the frame
///     void  rescued (frame)       it was inactive, and was asked for
///     void  removed (frame)       its page has no content any more
///     Word  deactivate ()         a frame to unmap, so that the next use shows; or no_frame
///     Word  victim ()             the frame to be emptied next; it is forgotten here
///
/// L4 does not tell which pages were used: a page is unmapped, and who asks for it again uses it.
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include "frame_pool.hpp"

namespace pagers {

/// Frames in a row, oldest first.
template <std::size_t Capacity>
class FrameQueue {
public:
    void push (Word frame) { frames_[count_++] = frame; }

    Word pop () { return remove (0); }
    Word pop_newest () { return remove (count_ - 1); }

    /// @return whether it was there
    bool take_out (Word frame)
    {
        for (Word i = 0; i < count_; ++i)
            if (frames_[i] == frame) {
                remove (i);
                return true;
            }
        return false;
    }

    [[nodiscard]] Word count () const { return count_; }

private:
    Word remove (Word position)
    {
        Word const frame = frames_[position];
        for (Word i = position + 1; i < count_; ++i)
            frames_[i - 1] = frames_[i];
        --count_;
        return frame;
    }

    std::array<Word, Capacity> frames_ {};
    Word count_ { 0 };
};

/// The default: first in, first out, with a second chance. A quarter of the frames is inactive:
/// unmapped, but still there for who asks in time. Near to least recently used.
template <std::size_t Capacity>
class SecondChance {
public:
    explicit constexpr SecondChance (Word frames) : frames_ { frames } {}

    void inserted (Word frame) { active_.push (frame); }

    void rescued (Word frame)
    {
        if (inactive_.take_out (frame))
            active_.push (frame);
    }

    void removed (Word frame)
    {
        if (!active_.take_out (frame))
            inactive_.take_out (frame);
    }

    [[nodiscard]] Word deactivate ()
    {
        bool const full = active_.count () + inactive_.count () >= frames_;
        if (!full || inactive_.count () >= (frames_ + 3) / 4 || active_.count () < 2)
            return no_frame;
        Word const frame = active_.pop ();
        inactive_.push (frame);
        return frame;
    }

    [[nodiscard]] Word victim ()
    {
        return inactive_.count () != 0 ? inactive_.pop () : active_.pop ();
    }

private:
    Word frames_;
    FrameQueue<Capacity> active_ {};
    FrameQueue<Capacity> inactive_ {};
};

}  // namespace pagers
