// SPDX-License-Identifier: BSD-2-Clause
/// @file  Paths: forms, symbolic links, slashes at the end, and what is too much.
#include <unix/fs/path.hpp>

#include "files.hpp"

using namespace unix_server;

namespace {

/// /a/b/file, /a/link -> b, /top -> /a, /dead -> nowhere, /loop -> loop, /self -> .
class UnixPath : public FilesTest {
protected:
    UnixPath ()
    {
        a = make_directory (files.root (), "a");
        b = make_directory (*a, "b");
        EXPECT_TRUE (files.make_node (*b, "file", mode::regular | 0644, 0, &file).ok ());
        for (auto const& [directory, name, target] :
             { std::tuple { a, "link", "b" }, { &files.root (), "top", "/a" },
               { &files.root (), "dead", "nowhere" }, { &files.root (), "loop", "loop" },
               { &files.root (), "self", "." }, { b, "up", "../b/file" },
               { b, "slash", "../b/" }, { b, "root", "///" } })
            EXPECT_TRUE (files.make_symlink (*directory, name, target).ok ());
    }

    Node* make_directory (Node& in, std::string_view name)
    {
        EXPECT_TRUE (files.make_directory (in, name, 0755).ok ());
        return files.find (in, name);
    }

    Result walk (std::string_view text, LastLink last = LastLink::follow)
    {
        place = {};
        if (!path.set (text))
            return Errno::name_too_long;
        return path.walk (files, *b, last, place);
    }
    /// The node that a path leads to.
    Node* at (std::string_view text, LastLink last = LastLink::follow)
    {
        EXPECT_TRUE (walk (text, last).ok ()) << text;
        return place.node;
    }

    Node* a;
    Node* b;
    Node* file {};
    Path path {};
    Place place {};
};

TEST_F (UnixPath, HaveManyForms)
{
    for (char const* const text :
         { "file", "./file", "/a/b/file", "//a///b/./file", "../b/file", "/a/../a/b/../b/file",
           "/../../a/b/file", "../../../../a/b/file", "../link/file", "/top/b/file", "/a/link/file",
           "/self/self/a/b/up", "up", "/top/link/up", "slash/file", "root/a/b/file" })
        EXPECT_EQ (at (text), file) << text;
    for (char const* const text : { "/", "//", "/.", "/..", "root", "root/", "../..", "/self" })
        EXPECT_EQ (at (text), &files.root ()) << text;
    for (char const* const text : { ".", "./", "/a/b", "/a/b/", "/a/link/", "slash", "slash//" })
        EXPECT_EQ (at (text), b) << text;
}

TEST_F (UnixPath, SayWhatIsNotThere)
{
    EXPECT_EQ (walk (""), Errno::no_entry);
    EXPECT_EQ (walk ("/x/y"), Errno::no_entry);
    EXPECT_EQ (walk ("/dead/y"), Errno::no_entry);
    EXPECT_EQ (walk ("file/x"), Errno::not_a_directory);
    EXPECT_EQ (walk ("file/."), Errno::not_a_directory);
    EXPECT_EQ (walk ("file/"), Errno::not_a_directory);
    EXPECT_EQ (walk ("up/"), Errno::not_a_directory);
    EXPECT_EQ (walk ("/loop"), Errno::too_many_symlinks);
    EXPECT_EQ (walk ("/loop/x"), Errno::too_many_symlinks);
}

TEST_F (UnixPath, LeadToNamesThatAreNotThereYet)
{
    EXPECT_EQ (at ("new"), nullptr);
    EXPECT_EQ (place.directory, b);
    EXPECT_EQ (place.name, "new");
    EXPECT_FALSE (place.has_slash);
    EXPECT_EQ (at ("/top/new//"), nullptr);
    EXPECT_EQ (place.directory, a);
    EXPECT_EQ (place.name, "new");
    EXPECT_TRUE (place.has_slash);
    EXPECT_EQ (at ("/dead"), nullptr) << "where the link leads";
    EXPECT_EQ (place.directory, &files.root ());
    EXPECT_EQ (place.name, "nowhere");
}

TEST_F (UnixPath, TreatTheLastLinkAsTold)
{
    EXPECT_TRUE (at ("/top", LastLink::keep)->is_symlink ());
    EXPECT_EQ (at ("/top/", LastLink::keep), a);
    EXPECT_EQ (at ("/top/link", LastLink::keep), files.find (*a, "link"));
    EXPECT_TRUE (at ("/top/", LastLink::name)->is_symlink ());
    EXPECT_TRUE (place.has_slash);
    EXPECT_EQ (at ("file/", LastLink::name), file) << "the caller says what that means";
    EXPECT_TRUE (at ("/loop", LastLink::keep)->is_symlink ());
    EXPECT_EQ (walk ("/loop/", LastLink::keep), Errno::too_many_symlinks);
}

TEST_F (UnixPath, KnowSpecialNames)
{
    for (char const* const text : { "/", "//", ".", "..", "./", "../../", "file/.." }) {
        static_cast<void> (walk (text, LastLink::name));
        EXPECT_TRUE (place.is_special () || place.directory == nullptr) << text;
    }
    EXPECT_EQ (at ("/a", LastLink::name), a);
    EXPECT_FALSE (place.is_special ());
}

TEST_F (UnixPath, AreBounded)
{
    EXPECT_EQ (walk (std::string (longest_path, '/')), Errno::name_too_long);
    EXPECT_EQ (at (std::string (longest_path - 1, '/')), &files.root ());
    EXPECT_EQ (walk (std::string (longest_name + 1, 'x')), Errno::name_too_long);
    EXPECT_EQ (at (std::string (longest_name, 'x')), nullptr);
    // Forty links are allowed, in one path or in a chain.
    std::string many;
    for (Word i = 0; i < most_symlinks; ++i)
        many += "/self";
    EXPECT_EQ (at (many), &files.root ());
    EXPECT_EQ (walk (many + "/self"), Errno::too_many_symlinks);
    std::string last = "/a/b/file";
    for (Word i = 0; i <= most_symlinks; ++i) {
        std::string const name = "chain" + std::to_string (i);
        EXPECT_TRUE (files.make_symlink (files.root (), name, last).ok ());
        last = "/" + name;
    }
    EXPECT_EQ (at ("/chain39"), file);
    EXPECT_EQ (walk ("/chain40"), Errno::too_many_symlinks);
    // Links that grow with each step.
    std::string const long_target = std::string (2000, '/') + "grow/x";
    EXPECT_TRUE (files.make_symlink (files.root (), "grow", long_target).ok ());
    EXPECT_EQ (walk ("/grow" + std::string (2000, '/') + "x"), Errno::too_many_symlinks);
    std::string const more = "more/" + std::string (3000, 'x');
    EXPECT_TRUE (files.make_symlink (files.root (), "more", more).ok ());
    EXPECT_EQ (walk ("/more"), Errno::name_too_long);
}

TEST_F (UnixPath, CanBeFoundFromTheirEnd)
{
    std::array<char, 64> buffer;
    auto const path_to = [&] (Node const& directory, std::size_t size) -> std::string {
        Result const length = path_of (files, directory, std::span { buffer }.first (size));
        return length.ok () ? std::string { buffer.data () + size - length.raw () } : "";
    };
    EXPECT_EQ (path_to (files.root (), 64), "/");
    EXPECT_EQ (path_to (*a, 64), "/a");
    EXPECT_EQ (path_to (*b, 64), "/a/b");
    EXPECT_EQ (path_to (*b, 5), "/a/b");
    EXPECT_EQ (path_to (*b, 4), "");
    EXPECT_EQ (path_of (files, *b, std::span { buffer }.first (4)), Errno::range);
    Node* const c = make_directory (*b, "c");
    FileSystem::hold (*c);
    EXPECT_TRUE (files.remove_directory (*b, "c").ok ());
    EXPECT_EQ (path_of (files, *c, buffer), Errno::no_entry);
    files.release (*c);
}

}  // namespace
