// SPDX-License-Identifier: BSD-2-Clause
/// @file  All nodes of the file system, in frames that are taken as they are needed.
///
/// A node lives as long as it has a name or a use.
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <array>

#include "node.hpp"

namespace unix_server {

class Nodes {
public:
    static constexpr Word per_frame = l4::page_size / sizeof (Node);
    static constexpr Word most_frames = 96;
    static constexpr Word capacity = per_frame * most_frames;

    /// A node without names and uses. nullptr: no memory, or there are too many
    [[nodiscard]] Node* create (Word mode, FrameBudget& budget);
    /// The node of this number, which is in use.
    [[nodiscard]] Node& at (Word number) const { return *slot (number); }
    /// It has neither names nor uses: give it back. Its content is gone already.
    void remove (Node& node);

    [[nodiscard]] Word count () const { return count_; }

    template <typename Condition>
    [[nodiscard]] Node* find_if (Condition condition) const
    {
        for (Word number = 1; number <= made_; ++number)
            if (Node* const node = slot (number); node->number != 0 && condition (*node))
                return node;
        return nullptr;
    }

private:
    [[nodiscard]] Node* slot (Word number) const
    {
        return reinterpret_cast<Node*> (frames_[(number - 1) / per_frame])
               + (number - 1) % per_frame;
    }

    std::array<Address, most_frames> frames_ {};
    Word made_ { 0 };               ///< numbers that have ever been in use: 1 to made_
    Word count_ { 0 };
    Word free_ { 0 };               ///< first of a list, which goes on in `links`; 0: empty
};

}  // namespace unix_server
