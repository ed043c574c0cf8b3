// SPDX-License-Identifier: BSD-2-Clause
#include "devices.hpp"

#include "../trap/call.hpp"
#include "terminal_device.hpp"
#include "transfer.hpp"

namespace unix_server {

namespace {

Outcome read_nothing (Call&, OpenFile&, Transfer&) { return ok; }

Outcome read_zeros (Call&, OpenFile&, Transfer& to)
{
    if (to.rest () > 0 && to.put_zeros (to.rest ()) == 0)
        return Errno::fault;
    return to.done ();
}

Outcome write_away (Call&, OpenFile&, Transfer& from) { return from.size (); }

Outcome write_to_full (Call&, OpenFile&, Transfer& from)
{
    return from.size () == 0 ? Outcome { ok } : Errno::no_space;
}

Outcome no_control (Call&, OpenFile&, Word, Address) { return Errno::not_a_terminal; }

Word always_ready (Call&, OpenFile&) { return ready::input | ready::output; }

void close_nothing (System&, OpenFile&) {}

constexpr FileOperations memory_device (decltype (FileOperations::read) read,
                                        decltype (FileOperations::write) write)
{
    return { .read = read, .write = write, .control = no_control, .poll = always_ready,
             .close = close_nothing, .is_seekable = true };
}

constexpr FileOperations null_operations = memory_device (read_nothing, write_away);
constexpr FileOperations zero_operations = memory_device (read_zeros, write_away);
constexpr FileOperations full_operations = memory_device (read_zeros, write_to_full);

}  // namespace

FileOperations const* find_device (Word number)
{
    switch (number) {
    case device_number (1, 3): return &null_operations;
    case device_number (1, 5): return &zero_operations;
    case device_number (1, 7): return &full_operations;
    case device_number (5, 0):
    case device_number (5, 1): return &terminal_operations;
    default: return nullptr;
    }
}

}  // namespace unix_server
