// SPDX-License-Identifier: BSD-2-Clause
/// @file  Paths: component by component to what they name, through symbolic links.
///
/// A link's target takes the place of the link in the text that is still to be walked, so there
/// is no recursion, and the text and the number of links bound the work.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: Linux, Documentation/filesystems/path-lookup.rst; path_resolution(7).
#pragma once

#include <array>

#include "file_system.hpp"

namespace unix_server {

/// What to do about the last component.
enum class LastLink {
    follow,                         ///< a symbolic link is followed
    keep,                           ///< it is not, unless a slash comes after it
    name,                           ///< the name itself is what counts: it is made or removed
};

/// Where a path leads.
struct Place {
    Node* directory { nullptr };    ///< which holds, or would hold, the last component
    std::string_view name {};       ///< that component; "/" for the root
    Node* node { nullptr };         ///< nullptr: there is none of this name
    bool has_slash { false };       ///< slashes come after the name

    /// Not a name that can be made or removed.
    [[nodiscard]] bool is_special () const { return name == "." || name == ".." || name == "/"; }
};

/// A path on its way; names in a Place are parts of its text.
class Path {
public:
    /// Where to put the text, which ends in a zero.
    [[nodiscard]] std::span<char> buffer () { return std::span { text_ }.first (longest_path); }
    /// The text, after it has been put there: so much of it.
    void set_length (Word length) { length_ = length; }
    /// @return false: too long
    [[nodiscard]] bool set (std::string_view text);

    [[nodiscard]] std::string_view text () const { return { text_.data (), length_ }; }

    /// Go from `start`, or from the root. A name that is not there is no error if it is the last.
    /// The text is used up. @return 0, or ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG
    [[nodiscard]] Result walk (FileSystem const& files, Node& start, LastLink last, Place& place);

private:
    struct Component {
        std::string_view name;
        bool has_slash;
        bool is_last;
    };

    [[nodiscard]] std::string_view rest () const
    {
        return std::string_view { text_.data (), text_.size () }.substr (position_);
    }
    void begin ();
    [[nodiscard]] Component take ();
    [[nodiscard]] Result expand (Node const& link);

    /// Links are put in front of the rest, which is at the end.
    std::array<char, 2 * longest_path> text_ {};
    Word length_ { 0 };
    Word position_ { 0 };
};

/// The path from the root to a directory, at the end of `buffer`, with a zero.
/// @return its size with the zero, or ENOENT, ERANGE
[[nodiscard]] Result path_of (FileSystem const& files, Node const& directory,
                              std::span<char> buffer);

}  // namespace unix_server
