// SPDX-License-Identifier: BSD-2-Clause
/// @file  Directories: records in the pages of a node, one behind the other, free ones included.
///
/// A record never moves while it is in use, so its position is a good place to go on reading
/// from, whatever has been added or removed meanwhile.
///
/// Invariant: the records of a page fill it exactly.
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <string_view>

#include "node.hpp"

namespace unix_server {

struct Record {
    Word node;                      ///< its number; 0: free
    std::uint16_t size;             ///< of the whole record, a multiple of 4
    std::uint8_t name_size;
    std::uint8_t type;              ///< as getdents tells it

    [[nodiscard]] std::string_view name () const
    {
        return { reinterpret_cast<char const*> (this + 1), name_size };
    }
};

class Directory {
public:
    explicit Directory (Node const& node) : node_ { node } {}

    /// The entry of this name; nullptr: there is none
    [[nodiscard]] Record* find (std::string_view name) const;
    /// The entry, other than "." and "..", of a node; nullptr: there is none
    [[nodiscard]] Record* find_node (Word number) const;
    /// The first entry at `position` or behind it, which becomes its position. nullptr: the end
    [[nodiscard]] Record* next (Word& position) const;
    /// Whether there is nothing but "." and "..".
    [[nodiscard]] bool is_empty () const;

private:
    template <typename Condition>
    [[nodiscard]] Record* search (Word& position, Condition is_wanted) const;

    Node const& node_;
};

/// Add an entry. @return false: no memory. @pre the name is new and not too long
[[nodiscard]] bool add_entry (Node& directory, std::string_view name, Node const& node,
                              FrameBudget& budget);
void remove_entry (Record& record);

}  // namespace unix_server
