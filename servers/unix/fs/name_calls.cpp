// SPDX-License-Identifier: BSD-2-Clause
#include "name_calls.hpp"

#include <algorithm>

#include "content.hpp"
#include "directory.hpp"
#include "path_argument.hpp"

namespace unix_server::calls {

namespace {

constexpr Word here = at_flag::working_directory;

/// Where a name that is not a directory's is to be made. @return 0, EEXIST, ENOENT, ...
Result find_new (Call& call, PathArgument const& argument, Path& path, Place& place,
                 bool is_directory)
{
    if (Result const found = find_place (call, argument, LastLink::name, path, place);
        !found.ok ())
        return found;
    if (place.is_special () || place.node != nullptr)
        return Errno::exists;
    return place.has_slash && !is_directory ? Result { Errno::no_entry } : Result { ok };
}

}  // namespace

// New names.

Result mkdirat (Call& call, Word directory, Address path, Word mode)
{
    constexpr Word allowed = 01777;
    Place place;
    Result const found = find_new (call, { path, directory }, call.system.paths[0], place, true);
    return found.ok () ? call.system.files.make_directory (
                             *place.directory, place.name,
                             mode & ~call.process.creation_mask & allowed)
                       : found;
}

Result mkdir (Call& call, Address path, Word mode) { return mkdirat (call, here, path, mode); }

Result mknodat (Call& call, Word directory, Address path, Word mode, Word device)
{
    Word kind = mode & mode::type;
    switch (kind) {
    case 0: kind = mode::regular; break;
    case mode::regular:
    case mode::fifo:
    case mode::socket:
    case mode::character:
    case mode::block: break;
    case mode::directory: return Errno::not_permitted;
    default: return Errno::invalid;
    }
    Place place;
    if (Result const found
        = find_new (call, { path, directory }, call.system.paths[0], place, false);
        !found.ok ())
        return found;
    bool const is_device = kind == mode::character || kind == mode::block;
    Word const permissions = mode & ~call.process.creation_mask & mode::permissions;
    return call.system.files.make_node (*place.directory, place.name, kind | permissions,
                                        is_device ? device : 0);
}

Result mknod (Call& call, Address path, Word mode, Word device)
{
    return mknodat (call, here, path, mode, device);
}

Result symlinkat (Call& call, Address target, Word directory, Address path)
{
    Path& text = call.system.paths[1];
    if (Result const read = read_path (call, target, text); !read.ok ())
        return read;
    if (text.text ().empty ())
        return Errno::no_entry;
    Place place;
    Result const found = find_new (call, { path, directory }, call.system.paths[0], place, false);
    return found.ok ()
               ? call.system.files.make_symlink (*place.directory, place.name, text.text ())
               : found;
}

Result symlink (Call& call, Address target, Address path)
{
    return symlinkat (call, target, here, path);
}

Result linkat (Call& call, Word from_directory, Address from, Word to_directory, Address to,
               Word flags)
{
    if ((flags & ~(at_flag::follow | at_flag::empty_path)) != 0)
        return Errno::invalid;
    LastLink const last
        = (flags & at_flag::follow) != 0 ? LastLink::follow : LastLink::keep;
    Node* node = nullptr;
    if (Result const found = find_node (
            call, { from, from_directory, (flags & at_flag::empty_path) != 0 }, last, node);
        !found.ok ())
        return found;
    Place place;
    Result const found = find_new (call, { to, to_directory }, call.system.paths[1], place, false);
    return found.ok () ? call.system.files.make_link (*place.directory, place.name, *node)
                       : found;
}

Result link (Call& call, Address from, Address to)
{
    return linkat (call, here, from, here, to, 0);
}

// Names go away.

namespace {

Result remove_file (Call& call, PathArgument const& path)
{
    Place place;
    if (Result const found
        = find_place (call, path, LastLink::name, call.system.paths[0], place);
        !found.ok ())
        return found;
    if (place.is_special ())
        return Errno::is_a_directory;
    if (place.has_slash && place.node != nullptr)
        return place.node->is_directory () ? Errno::is_a_directory : Errno::not_a_directory;
    return call.system.files.remove (*place.directory, place.name);
}

Result remove_directory (Call& call, PathArgument const& path)
{
    Place place;
    if (Result const found
        = find_place (call, path, LastLink::name, call.system.paths[0], place);
        !found.ok ())
        return found;
    if (place.is_special ())
        return place.name == "." ? Errno::invalid
                                 : place.name == ".." ? Errno::not_empty : Errno::busy;
    return call.system.files.remove_directory (*place.directory, place.name);
}

}  // namespace

Result unlinkat (Call& call, Word directory, Address path, Word flags)
{
    if ((flags & ~at_flag::remove_directory) != 0)
        return Errno::invalid;
    return flags != 0 ? remove_directory (call, { path, directory })
                      : remove_file (call, { path, directory });
}

Result unlink (Call& call, Address path) { return unlinkat (call, here, path, 0); }

Result rmdir (Call& call, Address path)
{
    return unlinkat (call, here, path, at_flag::remove_directory);
}

Result renameat2 (Call& call, Word from_directory, Address from, Word to_directory, Address to,
                  Word flags)
{
    constexpr Word no_replace = 1;
    Place old;
    Place wanted;
    if ((flags & ~no_replace) != 0)
        return Errno::invalid;
    Result found = find_place (call, { from, from_directory }, LastLink::name,
                               call.system.paths[0], old);
    if (found.ok ())
        found = find_place (call, { to, to_directory }, LastLink::name, call.system.paths[1],
                            wanted);
    if (!found.ok ())
        return found;
    if (old.is_special () || wanted.is_special ())
        return Errno::busy;
    if (old.node == nullptr)
        return Errno::no_entry;
    if (wanted.node != nullptr && flags != 0)
        return Errno::exists;
    if (!old.node->is_directory () && (old.has_slash || wanted.has_slash))
        return Errno::not_a_directory;
    return call.system.files.rename (*old.directory, old.name, *wanted.directory, wanted.name);
}

Result renameat (Call& call, Word from_directory, Address from, Word to_directory, Address to)
{
    return renameat2 (call, from_directory, from, to_directory, to, 0);
}

Result rename (Call& call, Address from, Address to)
{
    return renameat2 (call, here, from, here, to, 0);
}

// Reading.

Result readlinkat (Call& call, Word directory, Address path, Address to, Word size)
{
    if (static_cast<std::int32_t> (size) <= 0)
        return Errno::invalid;
    Node* node = nullptr;
    if (Result const found
        = find_node (call, { path, directory }, LastLink::keep, node);
        !found.ok ())
        return found;
    if (!node->is_symlink ())
        return Errno::invalid;
    auto const target = bytes_at (*node, 0);
    Word const part = std::min (size, static_cast<Word> (target.size ()));
    return call.process.space.write (to, target.data (), part, call.system.frames)
               ? Result { part }
               : Result { Errno::fault };
}

Result readlink (Call& call, Address path, Address to, Word size)
{
    return readlinkat (call, here, path, to, size);
}

namespace {

constexpr std::size_t longest_entry = sizeof (Entry64) + longest_name + 8;

Word write_entry (Entry64*, Record const& record, Word next, std::byte* to)
{
    Word const size = (sizeof (Entry64) + record.name_size + 1 + 7) & ~Word { 7 };
    Entry64 const head { record.node, next, static_cast<std::uint16_t> (size), record.type };
    __builtin_memset (to, 0, size);
    __builtin_memcpy (to, &head, sizeof head);
    __builtin_memcpy (to + sizeof head, record.name ().data (), record.name_size);
    return size;
}

/// The old form has the type in its last byte.
Word write_entry (EntryOld*, Record const& record, Word next, std::byte* to)
{
    Word const size = (sizeof (EntryOld) + record.name_size + 2 + 3) & ~Word { 3 };
    EntryOld const head { record.node, next, static_cast<std::uint16_t> (size) };
    __builtin_memset (to, 0, size);
    __builtin_memcpy (to, &head, sizeof head);
    __builtin_memcpy (to + sizeof head, record.name ().data (), record.name_size);
    to[size - 1] = std::byte { record.type };
    return size;
}

template <typename Entry>
Result list (Call& call, Word descriptor, Address to, Word size)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    if (!file->node->is_directory ())
        return Errno::not_a_directory;
    if (file->node->links == 0)
        return Errno::no_entry;
    Directory const directory { *file->node };
    Word done = 0;
    Word position = static_cast<Word> (std::min<std::uint64_t> (file->offset, largest_file));
    for (;;) {
        Record const* const record = directory.next (position);
        if (record == nullptr)
            return done;
        std::byte entry[longest_entry];
        Word const next = position + record->size;
        Word const length = write_entry (static_cast<Entry*> (nullptr), *record, next, entry);
        if (length > size - done)
            return done != 0 ? Result { done } : Result { Errno::invalid };
        if (!call.process.space.write (to + done, entry, length, call.system.frames))
            return done != 0 ? Result { done } : Result { Errno::fault };
        done += length;
        file->offset = position = next;
    }
}

}  // namespace

Result getdents (Call& call, Word descriptor, Address to, Word size)
{
    return list<EntryOld> (call, descriptor, to, size);
}

Result getdents64 (Call& call, Word descriptor, Address to, Word size)
{
    return list<Entry64> (call, descriptor, to, size);
}

// Working directories.

namespace {

Result go_to (Call& call, Node& node)
{
    if (!node.is_directory ())
        return Errno::not_a_directory;
    FileSystem::hold (node);
    call.system.files.release (*call.process.directory);
    call.process.directory = &node;
    return ok;
}

}  // namespace

Result chdir (Call& call, Address path)
{
    Node* node = nullptr;
    Result const found = find_node (call, { path }, LastLink::follow, node);
    return found.ok () ? go_to (call, *node) : found;
}

Result fchdir (Call& call, Word descriptor)
{
    OpenFile const* const file = call.process.descriptors.find (descriptor);
    return file == nullptr ? Result { Errno::bad_descriptor } : go_to (call, *file->node);
}

Result getcwd (Call& call, Address to, Word size)
{
    auto const buffer = call.system.paths[0].buffer ();
    Result const length = path_of (call.system.files, *call.process.directory, buffer);
    if (!length.ok ())
        return length;
    if (length.raw () > size)
        return Errno::range;
    char const* const text = buffer.data () + buffer.size () - length.raw ();
    return call.process.space.write (to, text, length.raw (), call.system.frames)
               ? length
               : Result { Errno::fault };
}

Result sync (Call&) { return ok; }

}  // namespace unix_server::calls
