// SPDX-License-Identifier: BSD-2-Clause
/// @file  Open files: what descriptors refer to. Linux calls them open file descriptions.
///
/// What a kind of file does is a table of functions; each kind has its own file here, with one
/// such table: regular files and directories, pipes, devices, terminals.
#pragma once

#include <array>
#include <cstdint>

#include "../fs/node.hpp"

namespace unix_server {

struct Call;
struct OpenFile;
struct Outcome;
struct System;
class Transfer;

/// Bits of poll.
namespace ready {

constexpr Word input = 0x001;
constexpr Word output = 0x004;
constexpr Word error = 0x008;
constexpr Word hang_up = 0x010;

}  // namespace ready

struct FileOperations {
    /// Move as much as there is to or from the caller, from `file.offset` on if it is seekable,
    /// which moves on. May wait, unless the file is open with O_NONBLOCK.
    /// @return the number of bytes, or an error
    Outcome (*read) (Call& call, OpenFile& file, Transfer& to);
    Outcome (*write) (Call& call, OpenFile& file, Transfer& from);
    /// ioctl.
    Outcome (*control) (Call& call, OpenFile& file, Word number, Address argument);
    /// What could be done now without waiting, as bits of poll. The call listens to whatever may
    /// change that.
    Word (*poll) (Call& call, OpenFile& file);
    /// Nobody uses it any more.
    void (*close) (System& system, OpenFile& file);
    bool is_seekable;
};

struct OpenFile {
    FileOperations const* operations { nullptr };       ///< nullptr: not in use
    Node* node { nullptr };
    Word flags { 0 };               ///< as F_GETFL tells them
    Word uses { 0 };                ///< by descriptors
    std::uint64_t offset { 0 };

    [[nodiscard]] bool can_read () const
    {
        return (flags & open_flag::access) != open_flag::write_only;
    }
    [[nodiscard]] bool can_write () const { return (flags & open_flag::access) != 0; }
    [[nodiscard]] bool is_nonblocking () const { return (flags & open_flag::nonblock) != 0; }
};

class OpenFiles {
public:
    static constexpr std::size_t capacity = 512;

    /// With one use. nullptr: there are too many
    [[nodiscard]] OpenFile* create (FileOperations const& operations, Node& node, Word flags)
    {
        for (OpenFile& file : files_) {
            if (file.operations != nullptr)
                continue;
            file = { &operations, &node, flags & open_flag::kept, 1, 0 };
            return &file;
        }
        return nullptr;
    }

private:
    std::array<OpenFile, capacity> files_ {};
};

}  // namespace unix_server
