// SPDX-License-Identifier: BSD-2-Clause
/// @file  From the archive to the root file system: every kind of member, and archives that lie.
#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <unix/fs/unpack.hpp>

#include "files.hpp"

using namespace unix_server;

namespace {

constexpr unsigned program = 0100755;
constexpr unsigned text = 0100644;
constexpr unsigned directory = 040755;
constexpr unsigned symlink = 0120777;
constexpr unsigned device = 020666;

struct Member {
    std::string name;
    unsigned mode;
    std::string data {};
    unsigned number { 1 };
    unsigned links { 1 };
    unsigned major { 0 };
    unsigned minor { 0 };
};

void add (std::string& archive, Member const& member)
{
    char header[111];
    std::snprintf (header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
                   "%08X", member.number, member.mode, 7u, 8u, member.links, 0x5EEDu,
                   static_cast<unsigned> (member.data.size ()), 0u, 0u, member.major, member.minor,
                   static_cast<unsigned> (member.name.size () + 1), 0u);
    for (std::string const& part : { header + member.name + '\0', member.data }) {
        archive += part;
        archive.resize ((archive.size () + 3) & ~std::size_t { 3 });
    }
}

std::string archive_of (std::vector<Member> const& members)
{
    std::string archive;
    for (Member const& member : members)
        add (archive, member);
    add (archive, { "TRAILER!!!", 0 });
    return archive;
}

std::string good_archive ()
{
    return archive_of ({ { "bin", directory }, { "bin/true", program, "12345" },
                         { "etc/passwd", text, "root" } });
}

class UnixArchive : public FilesTest {
protected:
    /// In memory of its own, so that the sanitizer sees every byte read behind the end.
    bool unpack (std::string const& archive)
    {
        memory_.resize (archive.size ());
        memory_.shrink_to_fit ();
        std::transform (archive.begin (), archive.end (), memory_.begin (),
                        [] (char c) { return static_cast<std::byte> (c); });
        return unix_server::unpack (memory_, files);
    }
    bool unpack (std::vector<Member> const& members) { return unpack (archive_of (members)); }

    Node* find (std::string_view name, std::string_view inside = {})
    {
        Node* const node = files.find (files.root (), name);
        return inside.empty () || node == nullptr ? node : files.find (*node, inside);
    }

private:
    std::vector<std::byte> memory_ {};
};

TEST_F (UnixArchive, MakesFilesAndDirectories)
{
    ASSERT_TRUE (unpack (good_archive ()));
    Node* const file = find ("bin", "true");
    ASSERT_NE (file, nullptr);
    EXPECT_EQ (file->mode, program);
    EXPECT_EQ (file->user, 7u);
    EXPECT_EQ (file->group, 8u);
    EXPECT_EQ (file->modified.seconds, 0x5EED);
    EXPECT_EQ (read (*file), "12345");
    EXPECT_EQ (file->pages.count (), 0u) << "the data stay where they are";
    EXPECT_EQ (find ("TRAILER!!!"), nullptr);
    ASSERT_NE (find ("etc"), nullptr) << "which no member makes";
    EXPECT_EQ (find ("etc")->mode, directory);
    EXPECT_EQ (read (*find ("etc", "passwd")), "root");
}

TEST_F (UnixArchive, MakesWhatElseThereIs)
{
    ASSERT_TRUE (unpack ({ { ".", 040700 }, { "./a", symlink, "b/c" },
                           { "/tty", device, "", 1, 1, 5, 300 }, { "fifo", 010600 },
                           { "d", directory }, { "d/", 040711 } }));
    EXPECT_EQ (files.root ().mode, 040700u);
    EXPECT_TRUE (find ("a")->is_symlink ());
    EXPECT_EQ (read (*find ("a")), "b/c");
    EXPECT_EQ (device_major (find ("tty")->device), 5u);
    EXPECT_EQ (device_minor (find ("tty")->device), 300u);
    EXPECT_EQ (find ("fifo")->mode, 010600u);
    EXPECT_EQ (find ("d")->mode, 040711u) << "what comes last counts";
}

TEST_F (UnixArchive, HardLinksAreOneFile)
{
    ASSERT_TRUE (unpack ({ { "a", text, "", 9, 3 }, { "b", text, "", 9, 3 },
                           { "x", text, "other", 8, 2 }, { "c", text, "data", 9, 3 },
                           { "single", text, "", 9, 1 } }));
    EXPECT_EQ (find ("a"), find ("b"));
    EXPECT_EQ (find ("a"), find ("c"));
    EXPECT_EQ (find ("a")->links, 3u);
    EXPECT_EQ (read (*find ("b")), "data") << "which the last name has";
    EXPECT_NE (find ("a"), find ("x"));
    EXPECT_NE (find ("a"), find ("single"));
    EXPECT_EQ (find ("a")->device, 0u);
}

TEST_F (UnixArchive, LeavesOutWhatCannotBe)
{
    ASSERT_TRUE (unpack ({ { "file", text, "1" }, { "file/below", text, "2" },
                           { "up/../x", text, "3" }, { "..", directory }, { "odd", 0170644 },
                           { "empty", symlink }, { "d/f", text, "4" }, { "d", text, "5" },
                           { "file", text, "6" }, { std::string (256, 'n'), text, "7" } }));
    EXPECT_EQ (read (*find ("file")), "6");
    EXPECT_EQ (find ("x"), nullptr);
    EXPECT_EQ (find ("odd"), nullptr);
    EXPECT_EQ (find ("empty"), nullptr);
    EXPECT_EQ (read (*find ("d", "f")), "4");
}

TEST_F (UnixArchive, DevicesAreThereInAnyCase)
{
    ASSERT_TRUE (unpack ({ { "dev/null", 020600, "", 1, 1, 1, 3 } }));
    ASSERT_TRUE (make_devices (files));
    EXPECT_EQ (find ("dev", "null")->mode, 020600u) << "the archive's";
    for (char const* const name : { "zero", "full", "tty", "console" })
        EXPECT_NE (find ("dev", name), nullptr) << name;
}

TEST_F (UnixArchive, StopsWhenThereIsNoMemory)
{
    std::vector<Member> members;
    for (int i = 0; i < 40; ++i)
        members.push_back ({ "d" + std::to_string (i), directory });
    FrameBudget const few { frames, 20 };
    ASSERT_TRUE (files.create (few));
    EXPECT_FALSE (unpack (members));
    EXPECT_NE (find ("d5"), nullptr);
    EXPECT_EQ (find ("d39"), nullptr);
}

TEST_F (UnixArchive, StopsWhereItIsDamaged)
{
    std::string const good = archive_of ({ { "bin", directory }, { "bin/true", program, "12345" },
                                           { "l", symlink, "bin" }, { "h", text, "", 5, 2 },
                                           { "g", text, "data", 5, 2 },
                                           { "etc/passwd", text, "root" } });
    for (std::size_t size = 0; size < good.size (); ++size) {
        ASSERT_TRUE (files.create ({ frames, test_frame_count }));
        EXPECT_EQ (unpack (good.substr (0, size)), size >= good.size () - 3) << size;
        if (Node const* const file = find ("etc", "passwd"); file != nullptr) {
            EXPECT_EQ (file->size, 4u);
        }
        frames = Frames { reinterpret_cast<Address> (area ()), test_frame_count };
    }
    std::mt19937 random { 1 };
    for (int round = 0; round < 20'000; ++round) {
        std::string bad = good;
        for (unsigned n = 1 + random () % 4; n > 0; --n)
            bad[random () % bad.size ()] = static_cast<char> (random ());
        frames = Frames { reinterpret_cast<Address> (area ()), test_frame_count };
        ASSERT_TRUE (files.create ({ frames, test_frame_count }));
        static_cast<void> (unpack (bad));
        // Everything that is there can be read.
        Word bytes = 0;
        static_cast<void> (files.nodes ().find_if ([&bytes] (Node const& node) {
            bytes += node.is_directory () ? 0 : static_cast<Word> (read (node).size ());
            return false;
        }));
        EXPECT_LT (bytes, 1000u);
    }
}

}  // namespace
