// SPDX-License-Identifier: BSD-2-Clause
/// @file  The root file system: finding members, and archives that lie.
#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <unix/fs/archive.hpp>

namespace {

using unix_server::Archive;
using unix_server::same_path;

constexpr unsigned program = 0100755;
constexpr unsigned text = 0100644;
constexpr unsigned directory = 040755;

void add (std::string& archive, std::string const& name, unsigned mode, std::string const& data)
{
    char header[111];
    std::snprintf (header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
                   "%08X", 1u, mode, 0u, 0u, 1u, 0u, static_cast<unsigned> (data.size ()), 0u, 0u,
                   0u, 0u, static_cast<unsigned> (name.size () + 1), 0u);
    for (std::string const& part : { header + name + '\0', data }) {
        archive += part;
        archive.resize ((archive.size () + 3) & ~std::size_t { 3 });
    }
}

std::string good_archive ()
{
    std::string archive;
    add (archive, "bin", directory, "");
    add (archive, "bin/true", program, "12345");
    add (archive, "etc/passwd", text, "root");
    add (archive, "TRAILER!!!", 0, "");
    return archive;
}

/// In memory of its own, so that the sanitizer sees every byte read behind the end.
std::optional<Archive::File> find (std::string const& archive, std::string_view path,
                                   std::vector<std::byte>& memory)
{
    memory.resize (archive.size ());
    memory.shrink_to_fit ();
    std::transform (archive.begin (), archive.end (), memory.begin (),
                    [] (char c) { return static_cast<std::byte> (c); });
    return Archive { memory }.find (path);
}

TEST (UnixArchive, FindsMembersByPath)
{
    std::vector<std::byte> memory;
    auto const file = find (good_archive (), "/bin/true", memory);
    ASSERT_TRUE (file);
    EXPECT_EQ (file->data.size (), 5u);
    EXPECT_EQ (std::memcmp (file->data.data (), "12345", 5), 0);
    EXPECT_TRUE (file->is_executable ());
    EXPECT_FALSE (find (good_archive (), "/etc/passwd", memory)->is_executable ());
    EXPECT_FALSE (find (good_archive (), "/bin", memory)->is_executable ());
    EXPECT_FALSE (find (good_archive (), "/bin/tru", memory));
    EXPECT_FALSE (find (good_archive (), "/TRAILER!!!", memory));
}

TEST (UnixArchive, PathsHaveManyForms)
{
    EXPECT_TRUE (same_path ("/bin/true", "bin/true"));
    EXPECT_TRUE (same_path ("//bin/./true/", "bin/true"));
    EXPECT_TRUE (same_path ("/etc/../bin/x/../true", "bin/true"));
    EXPECT_TRUE (same_path ("/../../bin/true", "bin/true"));
    EXPECT_TRUE (same_path ("/", ""));
    EXPECT_FALSE (same_path ("/bin", "bin/true"));
    EXPECT_FALSE (same_path ("/a/b", "b"));
}

TEST (UnixArchive, StopsWhereItIsDamaged)
{
    std::string const good = good_archive ();
    std::vector<std::byte> memory;
    for (std::size_t size = 0; size < good.size (); ++size) {
        auto const file = find (good.substr (0, size), "/etc/passwd", memory);
        EXPECT_TRUE (!file || file->data.size () == 4) << size;
    }
    std::mt19937 random { 1 };
    for (int round = 0; round < 20'000; ++round) {
        std::string bad = good;
        for (unsigned n = 1 + random () % 4; n > 0; --n)
            bad[random () % bad.size ()] = static_cast<char> (random ());
        if (auto const file = find (bad, "/etc/passwd", memory); file) {
            EXPECT_GE (file->data.data (), memory.data ());
            EXPECT_LE (file->data.data () + file->data.size (), memory.data () + memory.size ());
        }
    }
}

}  // namespace
