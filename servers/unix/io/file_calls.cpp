// SPDX-License-Identifier: BSD-2-Clause
#include "file_calls.hpp"

#include <algorithm>

#include "../fs/path_argument.hpp"
#include "devices.hpp"
#include "pipe_file.hpp"
#include "process_files.hpp"
#include "regular_file.hpp"
#include "transfer.hpp"

namespace unix_server::calls {

namespace {

/// More is never moved at once.
constexpr Word most_bytes = 0x7FFFF000;
constexpr std::uint64_t most_offset = 0x7FFFFFFFFFFFFFFF;

using Operation = Outcome (*) (Call& call, OpenFile& file, Transfer& transfer);

/// The two words of a 64-bit argument.
constexpr std::uint64_t joined (Word low, Word high)
{
    return std::uint64_t { high } << 32 | low;
}

}  // namespace

// Opening and closing.

namespace {

Result find_operations (Node const& node, FileOperations const*& operations)
{
    switch (node.kind ()) {
    case mode::regular: operations = &regular_file_operations; return ok;
    case mode::directory: operations = &directory_operations; return ok;
    case mode::character: operations = find_device (node.device); break;
    default: operations = nullptr; break;
    }
    return operations == nullptr ? Result { Errno::no_device } : Result { ok };
}

/// What is at the place, or what is made there.
Result find_or_create (Call& call, Place const& place, Word flags, Word mode, Node*& node)
{
    bool const create = (flags & open_flag::create) != 0;
    node = place.node;
    if (node == nullptr) {
        if (!create)
            return Errno::no_entry;
        Word const permissions = mode & ~call.process.creation_mask & mode::permissions;
        return call.system.files.make_node (*place.directory, place.name,
                                            mode::regular | permissions, 0, &node);
    }
    if (create && (flags & open_flag::exclusive) != 0)
        return Errno::exists;
    if (node->is_symlink ())
        return (flags & open_flag::directory) != 0 ? Errno::not_a_directory
                                                   : Errno::too_many_symlinks;
    bool const writes = (flags & open_flag::access) != 0;
    if (node->is_directory () && (create || writes))
        return Errno::is_a_directory;
    if (!node->is_directory () && (flags & open_flag::directory) != 0)
        return Errno::not_a_directory;
    if (node->is_regular () && (flags & open_flag::truncate) != 0)
        return call.system.files.truncate (*node, 0);
    return ok;
}

Result find_place_to_open (Call& call, PathArgument const& path, Word flags, Place& place)
{
    bool const create = (flags & open_flag::create) != 0;
    bool const keep = (flags & open_flag::no_follow) != 0
                      || (create && (flags & open_flag::exclusive) != 0);
    Result const found = find_place (call, path, keep ? LastLink::keep : LastLink::follow,
                                     call.system.paths[0], place);
    if (found.ok () && create && place.has_slash && !place.is_special ())
        return Errno::is_a_directory;
    return found;
}

/// The file's use is the descriptor's from now on.
Result give_descriptor (Call& call, OpenFile& file, Word flags)
{
    Result const free = call.process.descriptors.find_free (0);
    if (free.ok ())
        call.process.descriptors.set (free.raw (), &file,
                                      (flags & open_flag::close_on_exec) != 0);
    else
        release_file (call.system, file);
    return free;
}

Outcome finish_fifo (Call& call, Outcome const& opened, OpenFile* file, Word flags)
{
    bool const is_open = opened.kind == Outcome::Kind::answer && opened.result.ok ();
    return is_open ? Outcome { give_descriptor (call, *file, flags) } : opened;
}

Outcome open_path (Call& call, PathArgument const& path, Word flags, Word mode)
{
    Place place;
    Node* node = nullptr;
    FileOperations const* operations = nullptr;
    OpenFile* file = call.process.pending.file;
    if (file != nullptr)
        return finish_fifo (call, go_on_opening_fifo (call), file, flags);
    if (Result const free = call.process.descriptors.find_free (0); !free.ok ())
        return free;
    if (Result const found = find_place_to_open (call, path, flags, place); !found.ok ())
        return found;
    if (Result const found = find_or_create (call, place, flags, mode, node); !found.ok ())
        return found;
    if (node->kind () == mode::fifo) {
        Outcome const opened = open_fifo (call, *node, flags, file);
        return finish_fifo (call, opened, file, flags);
    }
    if (Result const found = find_operations (*node, operations); !found.ok ())
        return found;
    file = call.system.open_files.create (*operations, *node, flags);
    if (file == nullptr)
        return Errno::table_full;
    FileSystem::hold (*node);
    return give_descriptor (call, *file, flags);
}

}  // namespace

Outcome open (Call& call, Address path, Word flags, Word mode)
{
    return open_path (call, { path }, flags, mode);
}

Outcome openat (Call& call, Word directory, Address path, Word flags, Word mode)
{
    return open_path (call, { path, directory }, flags, mode);
}

Outcome creat (Call& call, Address path, Word mode)
{
    return open_path (call, { path },
                      open_flag::create | open_flag::write_only | open_flag::truncate, mode);
}

Result close (Call& call, Word descriptor)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    call.process.descriptors.set (descriptor, nullptr, false);
    release_file (call.system, *file);
    return ok;
}

Result pipe (Call& call, Address to) { return pipe2 (call, to, 0); }

Result pipe2 (Call& call, Address to, Word flags)
{
    OpenFile* read_end = nullptr;
    OpenFile* write_end = nullptr;
    if ((flags & ~(open_flag::close_on_exec | open_flag::nonblock)) != 0)
        return Errno::invalid;
    if (Result const made = make_pipe (call.system, flags, read_end, write_end); !made.ok ())
        return made;
    Word ends[2] {};
    Result const first = give_descriptor (call, *read_end, flags);
    if (!first.ok ()) {
        release_file (call.system, *write_end);
        return first;
    }
    Result const second = give_descriptor (call, *write_end, flags);
    ends[0] = first.raw ();
    ends[1] = second.raw ();
    if (second.ok () && call.write (to, ends))
        return ok;
    static_cast<void> (close (call, ends[0]));
    static_cast<void> (close (call, ends[1]));
    return second.ok () ? Result { Errno::fault } : second;
}

// Reading and writing.

namespace {

/// Whether a process could have memory there at all.
bool is_user_memory (IoVector const& vector)
{
    return vector.base <= layout::user_end && vector.size <= layout::user_end - vector.base;
}

Result check_vectors (std::span<IoVector> vectors)
{
    Word total = 0;
    for (IoVector& vector : vectors) {
        if (static_cast<std::int32_t> (vector.size) < 0)
            return Errno::invalid;
        if (!is_user_memory (vector))
            return Errno::fault;
        vector.size = std::min (vector.size, most_bytes - total);
        total += vector.size;
    }
    return ok;
}

/// Go on with what is not done yet; keep what is.
Outcome move (Call& call, OpenFile& file, std::span<IoVector> vectors, Operation operation)
{
    if (Result const checked = check_vectors (vectors); !checked.ok ())
        return checked;
    Transfer transfer { call.process.space, call.system.frames, vectors };
    transfer.skip (call.done ());
    Outcome const outcome = operation (call, file, transfer);
    call.done () = transfer.done ();
    return outcome;
}

OpenFile* find_readable (Call& call, Word descriptor)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    return file != nullptr && file->can_read () ? file : nullptr;
}

OpenFile* find_writable (Call& call, Word descriptor)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    return file != nullptr && file->can_write () ? file : nullptr;
}

Outcome move_vectors (Call& call, OpenFile& file, Address vectors, Word count,
                      Operation operation)
{
    constexpr Word most_vectors = 1024;
    static constinit std::array<IoVector, most_vectors> copies {};
    if (count > most_vectors)
        return Errno::invalid;
    for (Word i = 0; i < count; ++i)
        if (!call.read (copies[i], vectors + i * sizeof (IoVector)))
            return Errno::fault;
    return move (call, file, std::span { copies }.first (count), operation);
}

/// The same at another offset, which stays where it is.
Outcome move_at (Call& call, OpenFile* found, IoVector vector, std::uint64_t offset,
                 Operation operation)
{
    if (offset > most_offset)
        return Errno::invalid;
    if (!found->operations->is_seekable)
        return Errno::not_seekable;
    OpenFile file = *found;
    file.offset = offset;
    return move (call, file, { &vector, 1 }, operation);
}

}  // namespace

Outcome read (Call& call, Word descriptor, Address to, Word size)
{
    OpenFile* const file = find_readable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    IoVector vector { to, size };
    return move (call, *file, { &vector, 1 }, file->operations->read);
}

Outcome write (Call& call, Word descriptor, Address from, Word size)
{
    OpenFile* const file = find_writable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    IoVector vector { from, size };
    return move (call, *file, { &vector, 1 }, file->operations->write);
}

Outcome readv (Call& call, Word descriptor, Address vectors, Word count)
{
    OpenFile* const file = find_readable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return move_vectors (call, *file, vectors, count, file->operations->read);
}

Outcome writev (Call& call, Word descriptor, Address vectors, Word count)
{
    OpenFile* const file = find_writable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return move_vectors (call, *file, vectors, count, file->operations->write);
}

Outcome pread64 (Call& call, Word descriptor, Address to, Word size, Word low, Word high)
{
    OpenFile* const file = find_readable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return move_at (call, file, { to, size }, joined (low, high), file->operations->read);
}

Outcome pwrite64 (Call& call, Word descriptor, Address from, Word size, Word low, Word high)
{
    OpenFile* const file = find_writable (call, descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return move_at (call, file, { from, size }, joined (low, high), file->operations->write);
}

namespace {

/// Copy through the server. What is done already is in `call.done ()`, also of a part.
Outcome send (Call& call, OpenFile& to, OpenFile& from, std::uint64_t& offset, Word size)
{
    static constinit std::array<std::byte, l4::page_size> memory {};
    std::uint64_t const begin = offset - call.done ();
    while (call.done () < size) {
        OpenFile source = from;
        source.offset = begin + call.done ();
        Transfer part { std::span { memory }.first (
            std::min (l4::page_size, size - call.done ())) };
        Outcome const got = source.operations->read (call, source, part);
        if (got.kind != Outcome::Kind::answer || !got.result.ok ())
            return call.done () != 0 ? Outcome { call.done () } : got;
        if (part.done () == 0)
            break;
        Transfer rest { std::span { memory }.first (part.done ()) };
        Outcome const sent = to.operations->write (call, to, rest);
        call.done () += rest.done ();
        offset += rest.done ();
        if (sent.kind != Outcome::Kind::answer)
            return sent;
        if (!sent.result.ok ())
            return call.done () != 0 ? Outcome { call.done () } : sent;
        if (rest.rest () != 0)
            break;
    }
    return call.done ();
}

Outcome send_file (Call& call, Word to, Word from, std::uint64_t* offset, Word size)
{
    OpenFile* const source = find_readable (call, from);
    OpenFile* const target = find_writable (call, to);
    if (source == nullptr || target == nullptr)
        return Errno::bad_descriptor;
    if (!source->operations->is_seekable)
        return offset != nullptr ? Errno::not_seekable : Errno::invalid;
    if (source->node->is_directory () || (target->flags & open_flag::append) != 0)
        return Errno::invalid;
    return send (call, *target, *source, offset != nullptr ? *offset : source->offset,
                 std::min (size, most_bytes));
}

/// The offset is where the process keeps it, if it does.
template <typename Offset>
Outcome send_from (Call& call, Word to, Word from, Address place, Word size)
{
    Offset offset {};
    if (place == 0)
        return send_file (call, to, from, nullptr, size);
    if (!call.read (offset, place))
        return Errno::fault;
    std::uint64_t at = offset;
    if (at > (sizeof offset == sizeof at ? most_offset : most_bytes))
        return Errno::invalid;
    Outcome const outcome = send_file (call, to, from, &at, size);
    offset = static_cast<Offset> (at);
    return call.write (place, offset) ? outcome : Errno::fault;
}

}  // namespace

Outcome sendfile (Call& call, Word to, Word from, Address offset, Word size)
{
    return send_from<Word> (call, to, from, offset, size);
}

Outcome sendfile64 (Call& call, Word to, Word from, Address offset, Word size)
{
    return send_from<std::uint64_t> (call, to, from, offset, size);
}

// Offsets.

namespace {

enum class Whence : Word { begin, current, end, data, hole };

Result seek (Call& call, Word descriptor, std::int64_t distance, Word whence,
             std::uint64_t& reached)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    if (!file->operations->is_seekable)
        return Errno::not_seekable;
    std::int64_t const size = file->node->size;
    std::int64_t base = 0;
    switch (static_cast<Whence> (whence)) {
    case Whence::begin: break;
    case Whence::current: base = static_cast<std::int64_t> (file->offset); break;
    case Whence::end: base = size; break;
    case Whence::data:
    case Whence::hole:
        // As if there were no holes but the one behind the end.
        if (distance < 0 || distance >= size)
            return Errno::no_device;
        if (static_cast<Whence> (whence) == Whence::hole)
            distance = size;
        break;
    default: return Errno::invalid;
    }
    std::int64_t target = 0;
    if (__builtin_add_overflow (base, distance, &target))
        return Errno::overflow;
    if (target < 0)
        return Errno::invalid;
    file->offset = reached = static_cast<std::uint64_t> (target);
    return ok;
}

}  // namespace

Result lseek (Call& call, Word descriptor, Word offset, Word whence)
{
    std::uint64_t reached = 0;
    Result const found
        = seek (call, descriptor, static_cast<std::int32_t> (offset), whence, reached);
    if (!found.ok ())
        return found;
    return reached > 0x7FFFFFFF ? Result { Errno::overflow }
                                : Result { static_cast<Word> (reached) };
}

Result llseek (Call& call, Word descriptor, Word high, Word low, Address result, Word whence)
{
    std::uint64_t reached = 0;
    Result const found = seek (call, descriptor, static_cast<std::int64_t> (joined (low, high)),
                               whence, reached);
    if (!found.ok ())
        return found;
    return call.write (result, reached) ? Result { ok } : Result { Errno::fault };
}

// Descriptors.

namespace {

Result duplicate (Call& call, Word descriptor, Word lowest, bool close_on_exec)
{
    Descriptors& descriptors = call.process.descriptors;
    OpenFile* const file = descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    Result const free = descriptors.find_free (lowest);
    if (free.ok ()) {
        ++file->uses;
        descriptors.set (free.raw (), file, close_on_exec);
    }
    return free;
}

Result duplicate_to (Call& call, OpenFile& file, Word wanted, bool close_on_exec)
{
    if (wanted >= Descriptors::capacity)
        return Errno::bad_descriptor;
    ++file.uses;
    OpenFile* const before = call.process.descriptors.set (wanted, &file, close_on_exec);
    if (before != nullptr)
        release_file (call.system, *before);
    return wanted;
}

}  // namespace

Result dup (Call& call, Word descriptor) { return duplicate (call, descriptor, 0, false); }

Result dup2 (Call& call, Word descriptor, Word wanted)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return descriptor == wanted ? Result { wanted } : duplicate_to (call, *file, wanted, false);
}

Result dup3 (Call& call, Word descriptor, Word wanted, Word flags)
{
    if ((flags & ~open_flag::close_on_exec) != 0 || descriptor == wanted)
        return Errno::invalid;
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return duplicate_to (call, *file, wanted, flags != 0);
}

Result fcntl (Call& call, Word descriptor, Word command, Word argument)
{
    Descriptors& descriptors = call.process.descriptors;
    OpenFile* const file = descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    switch (static_cast<Control> (command)) {
    case Control::duplicate: return duplicate (call, descriptor, argument, false);
    case Control::duplicate_close_on_exec: return duplicate (call, descriptor, argument, true);
    case Control::get_descriptor:
        return descriptors.close_on_exec (descriptor) ? descriptor_close_on_exec : ok;
    case Control::set_descriptor:
        descriptors.set_close_on_exec (descriptor, (argument & descriptor_close_on_exec) != 0);
        return ok;
    case Control::get_flags: return file->flags;
    case Control::set_flags:
        file->flags = (file->flags & ~open_flag::changeable) | (argument & open_flag::changeable);
        return ok;
    case Control::get_pipe_size:
        return file->node->pipe == nullptr ? Result { Errno::bad_descriptor }
                                           : Result { PipeRing::capacity };
    default: return Errno::invalid;
    }
}

Outcome ioctl (Call& call, Word descriptor, Word number, Address argument)
{
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    switch (number) {
    case request::set_close_on_exec:
    case request::clear_close_on_exec:
        call.process.descriptors.set_close_on_exec (descriptor,
                                                    number == request::set_close_on_exec);
        return ok;
    case request::set_nonblock: {
        Word wanted = 0;
        if (!call.read (wanted, argument))
            return Errno::fault;
        file->flags &= ~open_flag::nonblock;
        file->flags |= wanted != 0 ? open_flag::nonblock : 0;
        return ok;
    }
    default: return file->operations->control (call, *file, number, argument);
    }
}

// Sizes.

namespace {

Result truncate_file (Call& call, Word descriptor, std::uint64_t size)
{
    if (size > most_offset)
        return Errno::invalid;
    OpenFile* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    if (!file->node->is_regular () || !file->can_write ())
        return Errno::invalid;
    return call.system.files.truncate (*file->node, size);
}

}  // namespace

Result ftruncate (Call& call, Word descriptor, Word size)
{
    return truncate_file (call, descriptor,
                          static_cast<std::uint64_t> (static_cast<std::int32_t> (size)));
}

Result ftruncate64 (Call& call, Word descriptor, Word low, Word high)
{
    return truncate_file (call, descriptor, joined (low, high));
}

/// Memory is all that there is.
Result fsync (Call& call, Word descriptor)
{
    OpenFile const* const file = call.process.descriptors.find (descriptor);
    if (file == nullptr)
        return Errno::bad_descriptor;
    return file->operations->is_seekable ? Result { ok } : Result { Errno::invalid };
}

}  // namespace unix_server::calls
