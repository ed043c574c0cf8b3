// SPDX-License-Identifier: BSD-2-Clause
/// @file  Page frames that the root task has: what came back first, then new ones.
///
/// Free frames are linked through their first word. A frame's address is also where the root
/// task sees it.
#pragma once

#include <l4/fpage.hpp>

namespace root {

using l4::Address;
using l4::Word;

class Frames {
public:
    /// Where new frames come from: an address, or 0 if there are no more.
    using Source = Address (*) ();

    constexpr explicit Frames (Source source) : source_ { source } {}

    /// @return a frame full of zeros; 0 if memory is used up
    [[nodiscard]] Address allocate ()
    {
        Address const frame = first_ != 0 ? take_first () : source_ ();
        if (frame != 0)
            __builtin_memset (words (frame), 0, l4::page_size);
        return frame;
    }

    /// Nobody may use the frame any more.
    void free (Address frame)
    {
        words (frame)[0] = first_;
        first_ = frame;
        ++count_;
    }

    /// Frames that came back and wait for the next use.
    [[nodiscard]] Word free_count () const { return count_; }

private:
    static Word* words (Address frame) { return reinterpret_cast<Word*> (frame); }

    Address take_first ()
    {
        Address const frame = first_;
        first_ = words (frame)[0];
        --count_;
        return frame;
    }

    Source source_;
    Address first_ { 0 };
    Word count_ { 0 };
};

}  // namespace root
