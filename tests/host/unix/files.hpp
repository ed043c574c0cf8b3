// SPDX-License-Identifier: BSD-2-Clause
/// @file  What tests of the file system share: frames in the test's own memory, and a clock.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <sys/mman.h>

#include <gtest/gtest.h>

#include <unix/fs/content.hpp>
#include <unix/fs/file_system.hpp>

namespace unix_server {

inline constexpr Word test_frame_count = 512;

/// A file system in `test_frame_count` frames.
class FilesTest : public testing::Test {
protected:
    FilesTest ()
        : area_ { mmap (nullptr, test_frame_count * l4::page_size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) },
          frames { reinterpret_cast<Address> (area_), test_frame_count }
    {
        EXPECT_TRUE (files.create ({ frames, test_frame_count }));
    }
    ~FilesTest () override { munmap (area_, test_frame_count * l4::page_size); }

    [[nodiscard]] void* area () const { return area_; }
    [[nodiscard]] Word write (Node& node, Word offset, std::string const& text)
    {
        return write_content (node, offset, text.data (), static_cast<Word> (text.size ()),
                              files.budget ());
    }
    [[nodiscard]] static std::string read (Node const& node, Word offset = 0,
                                           Word size = ~Word { 0 })
    {
        std::string text (std::min (size, node.size > offset ? node.size - offset : 0), '\0');
        text.resize (read_content (node, offset, text.data (), static_cast<Word> (text.size ())));
        return text;
    }

private:
    void* area_;

protected:
    Frames frames;
    FileSystem files {};
};

}  // namespace unix_server
