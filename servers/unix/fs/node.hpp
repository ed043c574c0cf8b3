// SPDX-License-Identifier: BSD-2-Clause
/// @file  Nodes: a file of any kind, without its names.
#pragma once

#include <cstddef>
#include <span>

#include "../abi/file.hpp"
#include "page_tree.hpp"
#include "time.hpp"

namespace unix_server {

struct Pipe;

struct Node {
    Word number { 0 };              ///< 0: not in use
    Word mode { 0 };                ///< kind and permissions
    Word links { 0 };               ///< names of it
    Word uses { 0 };                ///< by open files, working directories, children's ".."
    Word user { 0 };
    Word group { 0 };
    Word device { 0 };              ///< of a device node
    Word size { 0 };
    FileTime accessed {};
    FileTime modified {};
    FileTime changed {};
    /// Content that lies in the archive. Pages in `pages` come before it.
    std::span<std::byte const> origin {};
    PageTree pages {};
    Word mappings { 0 };            ///< regions of processes that show it
    /// Pages of `origin` as processes map them: as long as there are such regions.
    PageTree mapped {};
    Pipe* pipe { nullptr };         ///< of a fifo that somebody has open

    [[nodiscard]] Word kind () const { return mode & mode::type; }
    [[nodiscard]] bool is_directory () const { return kind () == mode::directory; }
    [[nodiscard]] bool is_regular () const { return kind () == mode::regular; }
    [[nodiscard]] bool is_symlink () const { return kind () == mode::symlink; }
    [[nodiscard]] bool is_executable () const
    {
        return is_regular () && (mode & mode::execute) != 0;
    }
    /// As directories' entries tell it.
    [[nodiscard]] std::uint8_t entry_type () const
    {
        return static_cast<std::uint8_t> (kind () >> 12);
    }
};

}  // namespace unix_server
