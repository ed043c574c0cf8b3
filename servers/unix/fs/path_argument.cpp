// SPDX-License-Identifier: BSD-2-Clause
#include "path_argument.hpp"

namespace unix_server {

namespace {

/// Where a path begins that does not begin at the root.
Result find_start (Call& call, Word directory, Node*& start)
{
    if (directory == at_flag::working_directory) {
        start = call.process.directory;
        return ok;
    }
    OpenFile const* const file = call.process.descriptors.find (directory);
    if (file == nullptr)
        return Errno::bad_descriptor;
    start = file->node;
    return ok;
}

}  // namespace

Result read_path (Call& call, Address text, Path& path)
{
    Result const length = call.read_text (path.buffer (), text);
    if (!length.ok ())
        return length;
    path.set_length (length.raw ());
    return ok;
}

Result find_place (Call& call, PathArgument const& argument, LastLink last, Path& path,
                   Place& place)
{
    if (Result const read = read_path (call, argument.text, path); !read.ok ())
        return read;
    if (path.text ().empty () && !argument.may_be_empty)
        return Errno::no_entry;
    Node* start = &call.system.files.root ();
    if (!path.text ().starts_with ('/'))
        if (Result const found = find_start (call, argument.directory, start); !found.ok ())
            return found;
    if (path.text ().empty ()) {
        place = { start, ".", start, false };
        return ok;
    }
    return path.walk (call.system.files, *start, last, place);
}

Result find_node (Call& call, PathArgument const& argument, LastLink last, Node*& node)
{
    Place place;
    if (Result const found = find_place (call, argument, last, call.system.paths[0], place);
        !found.ok ())
        return found;
    node = place.node;
    return node == nullptr ? Result { Errno::no_entry } : Result { ok };
}

}  // namespace unix_server
