// SPDX-License-Identifier: BSD-2-Clause
#include "regular_file.hpp"

#include <algorithm>

#include "../fs/content.hpp"
#include "../trap/call.hpp"
#include "transfer.hpp"

namespace unix_server {

namespace {

/// As "relatime" has it: only as long as it says less than the time of the last change.
void note_access (Node& node)
{
    if (node.accessed <= node.modified || node.accessed <= node.changed)
        node.accessed = current_time ();
}

Result end_of (Transfer const& transfer, bool was_complete)
{
    return transfer.done () == 0 && !was_complete ? Result { Errno::fault }
                                                  : Result { transfer.done () };
}

Outcome read_file (Call&, OpenFile& file, Transfer& to)
{
    Node& node = *file.node;
    bool complete = true;
    while (complete && to.rest () > 0 && file.offset < node.size) {
        auto const bytes = bytes_at (node, static_cast<Word> (file.offset));
        Word const part = std::min (static_cast<Word> (bytes.size ()), to.rest ());
        Word const moved = to.put (bytes.data (), part);
        file.offset += moved;
        complete = moved == part;
    }
    note_access (node);
    return end_of (to, complete);
}

Outcome write_file (Call& call, OpenFile& file, Transfer& from)
{
    Node& node = *file.node;
    if (from.rest () == 0)
        return ok;
    if ((file.flags & open_flag::append) != 0)
        file.offset = node.size;
    if (file.offset >= largest_file)
        return Errno::file_too_big;
    bool complete = true;
    while (complete && from.rest () > 0 && file.offset < largest_file) {
        auto const place = writable_bytes_at (node, static_cast<Word> (file.offset),
                                              call.system.files.budget ());
        if (place.empty ())
            return from.done () != 0 ? Outcome { from.done () } : Errno::no_space;
        Word const part = std::min (static_cast<Word> (place.size ()), from.rest ());
        Word const moved = from.take (place.data (), part);
        file.offset += moved;
        if (moved != 0)
            node.size = std::max (node.size, static_cast<Word> (file.offset));
        complete = moved == part;
    }
    note_content_change (node);
    return end_of (from, complete);
}

Outcome control_file (Call& call, OpenFile& file, Word number, Address argument)
{
    if (number != request::bytes_to_read)
        return Errno::not_a_terminal;
    Word const left = static_cast<Word> (file.node->size - file.offset);
    return call.write (argument, left) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome no_control (Call&, OpenFile&, Word, Address) { return Errno::not_a_terminal; }

Word always_ready (Call&, OpenFile&) { return ready::input | ready::output; }

void close_nothing (System&, OpenFile&) {}

Outcome read_directory (Call&, OpenFile&, Transfer&) { return Errno::is_a_directory; }

Outcome write_directory (Call&, OpenFile&, Transfer&) { return Errno::bad_descriptor; }

}  // namespace

constinit FileOperations const regular_file_operations {
    .read = read_file, .write = write_file, .control = control_file, .poll = always_ready,
    .close = close_nothing, .is_seekable = true,
};

constinit FileOperations const directory_operations {
    .read = read_directory, .write = write_directory, .control = no_control,
    .poll = always_ready, .close = close_nothing, .is_seekable = true,
};

}  // namespace unix_server
