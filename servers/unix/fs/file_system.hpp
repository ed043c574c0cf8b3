// SPDX-License-Identifier: BSD-2-Clause
/// @file  The file system in memory: what happens to names. Linux's rules and errors.
///
/// Names here are single components; path.hpp takes paths apart. Content is in content.hpp.
/// Everybody is root: modes are kept, and forbid nothing.
///
/// Invariant: a node's links are its entries in directories, "." and ".." of others included; a
/// directory is used by each ".." that leads to it, so that it outlives what is in it.
/// Context: pure; host tests in tests/host/unix.
#pragma once

#include <string_view>

#include "../abi/error.hpp"
#include "nodes.hpp"

namespace unix_server {

class FileSystem {
public:
    static constexpr Word own_device = device_number (0, 2);    ///< as stat tells it
    static constexpr Word most_links = 32000;

    /// An empty root directory. @return false: no memory
    [[nodiscard]] bool create (FrameBudget const& budget);

    [[nodiscard]] Node& root () const { return nodes_.at (root_number); }
    [[nodiscard]] FrameBudget& budget () { return budget_; }
    [[nodiscard]] Nodes const& nodes () const { return nodes_; }

    /// The node of this name in a directory; nullptr: there is none
    [[nodiscard]] Node* find (Node const& directory, std::string_view name) const;
    [[nodiscard]] Node& parent (Node const& directory) const { return *find (directory, ".."); }

    /// Somebody uses it, or does not any more.
    static void hold (Node& node) { ++node.uses; }
    void release (Node& node);

    /// A process begins, or ceases, to have it in its memory.
    static void begin_mapping (Node& node);
    void end_mapping (Node& node);

    /// A node without a name, which its creator uses: of a pipe. nullptr: no memory
    [[nodiscard]] Node* make_nameless (Word mode);

    // New names. @pre `name` is neither "." nor ".."
    [[nodiscard]] Result make_node (Node& directory, std::string_view name, Word mode,
                                    Word device, Node** made = nullptr);
    [[nodiscard]] Result make_directory (Node& directory, std::string_view name, Word mode);
    [[nodiscard]] Result make_symlink (Node& directory, std::string_view name,
                                       std::string_view target);
    [[nodiscard]] Result make_link (Node& directory, std::string_view name, Node& node);

    // Names go away.
    [[nodiscard]] Result remove (Node& directory, std::string_view name);
    [[nodiscard]] Result remove_directory (Node& directory, std::string_view name);
    [[nodiscard]] Result rename (Node& from, std::string_view name, Node& to,
                                 std::string_view new_name);

    /// Another size. @return 0, EFBIG, EISDIR, EINVAL
    [[nodiscard]] Result truncate (Node& node, std::uint64_t size);

private:
    static constexpr Word root_number = 1;

    [[nodiscard]] Result check_new (Node const& directory, std::string_view name) const;
    [[nodiscard]] bool is_inside (Node const& node, Node const& directory) const;
    void drop_name (Node& directory, std::string_view name, Node& node);
    void free_unused (Node& node);

    FrameBudget budget_ {};
    Nodes nodes_ {};
};

/// A file has been changed, or only what is said about it.
void note_change (Node& node);
void note_content_change (Node& node);

}  // namespace unix_server
