// SPDX-License-Identifier: BSD-2-Clause
/// @file  A file system for fuzz targets, in memory that is used again for every input.
#pragma once

#include <unix/fs/content.hpp>
#include <unix/fs/file_system.hpp>
#include <unix/fs/path.hpp>

#include "fuzz.hpp"

namespace fuzz {

using namespace unix_server;

constexpr Word frame_count = 96;

/// All of it new, in the same frames.
class Files {
public:
    Files () : frames_ { reinterpret_cast<Address> (memory ()), frame_count }
    {
        must (files.create ({ frames_, frame_count }));
    }

    FileSystem files {};

    /// Where a path from the root leads. @return nullptr: nowhere
    Node* at (std::string_view text, LastLink last = LastLink::follow)
    {
        static Path path;
        Place place;
        if (!path.set (text) || !path.walk (files, files.root (), last, place).ok ())
            return nullptr;
        return place.node;
    }

private:
    static std::byte* memory ()
    {
        alignas (l4::page_size) static std::byte bytes[frame_count * l4::page_size];
        return bytes;
    }

    Frames frames_;
};

/// Whether `part` lies in `whole`.
inline bool inside (void const* part, std::size_t part_size, void const* whole, std::size_t size)
{
    auto const at = reinterpret_cast<std::uintptr_t> (part);
    auto const begin = reinterpret_cast<std::uintptr_t> (whole);
    return part_size == 0 || (at >= begin && part_size <= size && at - begin <= size - part_size);
}

}  // namespace fuzz
