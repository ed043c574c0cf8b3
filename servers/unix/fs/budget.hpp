// SPDX-License-Identifier: BSD-2-Clause
/// @file  The frames that the file system may take: a part of all, so that files cannot leave the
///        processes without memory.
///
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include "../process/frames.hpp"

namespace unix_server {

class FrameBudget {
public:
    constexpr FrameBudget () = default;
    constexpr FrameBudget (Frames& frames, Word most) : frames_ { &frames }, most_ { most } {}

    /// A frame full of zeros; 0: there is none, or too many are in use
    [[nodiscard]] Address allocate ()
    {
        Address const frame = used_ < most_ ? frames_->allocate () : 0;
        used_ += frame != 0 ? 1 : 0;
        return frame;
    }
    /// @return false: it has as many uses as can be counted
    [[nodiscard]] bool share (Address frame) { return frames_->share (frame); }
    void release (Address frame)
    {
        frames_->release (frame);
        --used_;
    }

    [[nodiscard]] Word most () const { return most_; }
    [[nodiscard]] Word used () const { return used_; }
    [[nodiscard]] Word available () const
    {
        Word const rest = most_ - used_;
        Word const free = frames_->free_count ();
        return rest < free ? rest : free;
    }

private:
    Frames* frames_ { nullptr };
    Word most_ { 0 };
    Word used_ { 0 };
};

}  // namespace unix_server
