// SPDX-License-Identifier: BSD-2-Clause
#include "console.hpp"

#include "../trap/call.hpp"
#include "transfer.hpp"

namespace unix_server {

namespace {

Outcome read (Call&, OpenFile&, Transfer&) { return ok; }

Outcome write (Call& call, OpenFile&, Transfer& from)
{
    Printer& printer = call.system.printer;
    while (from.rest () > 0) {
        char c = 0;
        if (printer.room () < 2)
            return call.wait_for (printer.writers);
        if (from.take (&c, 1) == 0)
            return from.done () != 0 ? Outcome { from.done () } : Errno::fault;
        printer.put (c == '\n' ? std::string_view { "\r\n" } : std::string_view { &c, 1 });
    }
    return from.done ();
}

Outcome control (Call&, OpenFile&, Word, Address) { return Errno::not_a_terminal; }

Word poll (Call&, OpenFile&) { return ready::input | ready::output; }

void close (System&, OpenFile&) {}

}  // namespace

constinit FileOperations const console_operations {
    .read = read, .write = write, .control = control, .poll = poll, .close = close,
    .is_seekable = false,
};

}  // namespace unix_server
