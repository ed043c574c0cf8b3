// SPDX-License-Identifier: BSD-2-Clause
#include "pipe_file.hpp"

#include <algorithm>

#include "../signal/send.hpp"
#include "process_files.hpp"
#include "transfer.hpp"

namespace unix_server {

namespace {

Pipe& pipe_of (OpenFile const& file) { return *file.node->pipe; }

// Moving bytes.

Outcome read_pipe (Call& call, OpenFile& file, Transfer& to)
{
    Pipe& pipe = pipe_of (file);
    if (to.rest () == 0)
        return ok;
    if (pipe.ring.size () == 0) {
        if (pipe.writers == 0)
            return ok;
        return file.is_nonblocking () ? Outcome { Errno::again } : call.wait_for (pipe.readable);
    }
    while (to.rest () > 0 && pipe.ring.size () > 0) {
        auto const bytes = pipe.ring.front ();
        Word const part = std::min (static_cast<Word> (bytes.size ()), to.rest ());
        Word const moved = to.put (bytes.data (), part);
        pipe.ring.pop (moved);
        if (moved != part)
            break;
    }
    if (to.done () == 0)
        return Errno::fault;
    call.system.wake (pipe.writable);
    return to.done ();
}

/// Nobody reads any more.
Outcome break_pipe (Call& call, Transfer const& from)
{
    send_signal (call.system, call.process, Signal::pipe, { SignalInfo::by_kernel, {} });
    return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::broken_pipe };
}

/// How much goes into the pipe now; a short message goes as a whole or not at all.
Word part_to_write (Pipe const& pipe, Transfer const& from)
{
    bool const is_whole = from.size () <= Pipe::atomic;
    return is_whole && pipe.ring.room () < from.rest ()
               ? 0
               : std::min (from.rest (), pipe.ring.room ());
}

/// @return how many: less where the process may not read its memory. @pre reserved
Word fill_pipe (Pipe& pipe, Transfer& from, Word bytes)
{
    Word done = 0;
    while (done < bytes) {
        auto const place = pipe.ring.back ();
        Word const part = std::min (static_cast<Word> (place.size ()), bytes - done);
        Word const moved = from.take (place.data (), part);
        pipe.ring.push (moved);
        done += moved;
        if (moved != part)
            break;
    }
    return done;
}

Outcome write_pipe (Call& call, OpenFile& file, Transfer& from)
{
    Pipe& pipe = pipe_of (file);
    if (from.size () == 0)
        return ok;
    if (pipe.readers == 0)
        return break_pipe (call, from);
    Word const part = part_to_write (pipe, from);
    if (!pipe.ring.reserve (part, call.system.files.budget ()))
        return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::no_memory };
    Word const moved = fill_pipe (pipe, from, part);
    if (moved != 0)
        call.system.wake (pipe.readable);
    if (moved != part)
        return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::fault };
    if (from.rest () == 0)
        return from.done ();
    if (file.is_nonblocking ())
        return from.done () != 0 ? Outcome { from.done () } : Outcome { Errno::again };
    return call.wait_for (pipe.writable);
}

// The rest.

Outcome control_pipe (Call& call, OpenFile& file, Word number, Address argument)
{
    if (number != request::bytes_to_read)
        return Errno::not_a_terminal;
    return call.write (argument, pipe_of (file).ring.size ()) ? Outcome { ok }
                                                             : Outcome { Errno::fault };
}

Word poll_pipe (Call& call, OpenFile& file)
{
    Pipe& pipe = pipe_of (file);
    Word found = 0;
    if (file.can_read ()) {
        found |= pipe.ring.size () != 0 ? ready::input : 0;
        found |= pipe.writers == 0 && pipe.writers_ever != file.offset ? ready::hang_up : 0;
        call.listen (pipe.readable);
    }
    if (file.can_write ()) {
        found |= pipe.ring.room () >= Pipe::atomic ? ready::output : 0;
        found |= pipe.readers == 0 ? ready::error : 0;
        call.listen (pipe.writable);
    }
    return found;
}

void close_pipe (System& system, OpenFile& file)
{
    Pipe& pipe = pipe_of (file);
    pipe.readers -= file.can_read () ? 1 : 0;
    pipe.writers -= file.can_write () ? 1 : 0;
    system.wake (pipe.readable);
    system.wake (pipe.writable);
    if (pipe.is_used ())
        return;
    pipe.ring.give_back (system.files.budget ());
    file.node->pipe = nullptr;
}

constexpr FileOperations pipe_operations {
    .read = read_pipe, .write = write_pipe, .control = control_pipe, .poll = poll_pipe,
    .close = close_pipe, .is_seekable = false,
};

/// One more end. @return nullptr: there are too many open files
OpenFile* open_end (System& system, Node& node, Word flags)
{
    OpenFile* const file = system.open_files.create (pipe_operations, node, flags);
    if (file == nullptr)
        return nullptr;
    FileSystem::hold (node);
    Pipe& pipe = *node.pipe;
    // For a reader, who had written before; for a writer, who had read.
    file->offset = file->can_read () ? pipe.writers_ever : pipe.readers_ever;
    if (file->can_read ()) {
        ++pipe.readers;
        ++pipe.readers_ever;
    }
    if (file->can_write ()) {
        ++pipe.writers;
        ++pipe.writers_ever;
    }
    system.wake (pipe.readable);
    system.wake (pipe.writable);
    return file;
}

}  // namespace

Result make_pipe (System& system, Word flags, OpenFile*& read_end, OpenFile*& write_end)
{
    Node* const node = system.files.make_nameless (mode::fifo | 0600);
    if (node == nullptr)
        return Errno::table_full;
    read_end = write_end = nullptr;
    node->pipe = system.pipes.create ();
    if (node->pipe != nullptr)
        read_end = open_end (system, *node, flags);
    if (read_end != nullptr)
        write_end = open_end (system, *node, flags | open_flag::write_only);
    if (read_end != nullptr && write_end == nullptr)
        release_file (system, *read_end);
    system.files.release (*node);               // its ends use it
    return write_end != nullptr ? Result { ok } : Result { Errno::table_full };
}

Outcome open_fifo (Call& call, Node& node, Word flags, OpenFile*& file)
{
    bool const is_writer = (flags & open_flag::access) == open_flag::write_only;
    bool const is_nonblocking = (flags & open_flag::nonblock) != 0;
    if (is_writer && is_nonblocking && (node.pipe == nullptr || node.pipe->readers == 0))
        return Errno::no_device;
    if (node.pipe == nullptr)
        node.pipe = call.system.pipes.create ();
    if (node.pipe == nullptr)
        return Errno::table_full;
    file = open_end (call.system, node, flags);
    if (file == nullptr) {
        if (!node.pipe->is_used ())
            node.pipe = nullptr;
        return Errno::table_full;
    }
    if (is_nonblocking)
        return ok;
    call.process.pending.file = file;
    return go_on_opening_fifo (call);
}

Outcome go_on_opening_fifo (Call& call)
{
    OpenFile const& file = *call.process.pending.file;
    Pipe& pipe = pipe_of (file);
    bool const is_reader = file.can_read ();
    bool const is_alone = is_reader ? pipe.writers == 0 && pipe.writers_ever == file.offset
                                    : pipe.readers == 0 && pipe.readers_ever == file.offset;
    if (is_alone)
        return call.wait_for (is_reader ? pipe.readable : pipe.writable);
    call.process.pending.file = nullptr;
    return ok;
}

}  // namespace unix_server
