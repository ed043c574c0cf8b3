// SPDX-License-Identifier: BSD-2-Clause
/// @file  Paths. Lines of the input are the targets of links /a/x, /a/b/y and /z; the last one is
///        walked along. It ends, in an error or in a place that is there.
#include <unix/fs/path.hpp>

#include "files.hpp"

using namespace unix_server;

std::vector<std::string> fuzz::samples ()
{
    return { "b\n../x\n/a/b\n/z/y/./f", "b\n..\na/b/y\n//a/x/y/../b//", "y\n../../z\na/x\nz",
             "\n/\n.\n/../a/x/../../z/", std::string (300, 'l') + "\n/a\n/a/b\n/z/f" };
}

namespace {

std::string_view take_line (std::string_view& text)
{
    std::string_view const line = text.substr (0, text.find ('\n'));
    text.remove_prefix (line.size () == text.size () ? line.size () : line.size () + 1);
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput (std::uint8_t const* data, std::size_t size)
{
    std::string_view text { reinterpret_cast<char const*> (data), size };
    fuzz::Files world;
    FileSystem& files = world.files;
    fuzz::must (files.make_directory (files.root (), "a", 0755).ok ());
    Node& a = *files.find (files.root (), "a");
    fuzz::must (files.make_directory (a, "b", 0755).ok ());
    Node& b = *files.find (a, "b");
    fuzz::must (files.make_node (b, "f", 0100644, 0).ok ());
    static_cast<void> (files.make_symlink (a, "x", take_line (text)));
    static_cast<void> (files.make_symlink (b, "y", take_line (text)));
    static_cast<void> (files.make_symlink (files.root (), "z", take_line (text)));

    static Path path;
    for (LastLink const last : { LastLink::follow, LastLink::keep, LastLink::name }) {
        Place place;
        if (!path.set (text) || !path.walk (files, b, last, place).ok ())
            continue;
        fuzz::must (place.node != nullptr || place.directory != nullptr);
        if (place.node == nullptr || place.directory == nullptr || place.is_special ())
            continue;
        fuzz::must (place.directory->is_directory ());
        fuzz::must (files.find (*place.directory, place.name) == place.node);
        fuzz::must (last != LastLink::follow || !place.node->is_symlink ());
        if (place.node->is_directory ()) {
            char buffer[4096];
            Result const length = path_of (files, *place.node, buffer);
            fuzz::must (length.ok () && length.raw () <= sizeof buffer);
        }
    }
    return 0;
}
