// SPDX-License-Identifier: BSD-2-Clause
#include "file_calls.hpp"

namespace unix_server::calls {

namespace {

bool is_terminal (Word file) { return file <= 2; }

/// Print [from, from + size), which begins `before` bytes behind the begin of what the call writes.
/// @return an answer when all of it is printed
Outcome print (Call& call, Address from, Word size, Word before)
{
    Printer& printer = call.system.printer;
    for (Word& done = call.done (); done < before + size; ++done) {
        char c = 0;
        if (printer.room () < 2)
            return call.wait_for (printer.writers);
        if (!call.read (c, from + (done - before)))
            return done != 0 ? Outcome { done } : Outcome { Errno::fault };
        printer.put (c == '\n' ? std::string_view { "\r\n" } : std::string_view { &c, 1 });
    }
    return before + size;
}

}  // namespace

Outcome write (Call& call, Word file, Address from, Word size)
{
    return is_terminal (file) ? print (call, from, size, 0) : Outcome { Errno::bad_descriptor };
}

Outcome writev (Call& call, Word file, Address vectors, Word count)
{
    constexpr Word most_vectors = 1024;
    constexpr Word most_bytes = 0x7FFFFFFF;
    if (!is_terminal (file))
        return Errno::bad_descriptor;
    if (count > most_vectors)
        return Errno::invalid;
    Word before = 0;
    for (Word i = 0; i < count; ++i) {
        IoVector part {};
        if (!call.read (part, vectors + i * sizeof part))
            return before != 0 ? Outcome { before } : Outcome { Errno::fault };
        if (part.size > most_bytes - before)
            return Errno::invalid;
        Outcome const printed = print (call, part.base, part.size, before);
        before += part.size;
        if (printed.kind != Outcome::Kind::answer || printed.result.raw () != before)
            return printed;
    }
    return before;
}

}  // namespace unix_server::calls
