// SPDX-License-Identifier: BSD-2-Clause
#include "file_calls.hpp"

#include <runtime/print.hpp>

namespace unix_server::calls {

namespace {

bool is_terminal (Word file) { return file <= 2; }

Result write_to (Call& call, Word file, Address from, Word size)
{
    if (!is_terminal (file))
        return Errno::bad_descriptor;
    for (Word done = 0; done < size;) {
        char text[64];
        Word const part = size - done < sizeof text ? size - done : sizeof text;
        if (!call.process.space.read (text, from + done, part, call.system.frames))
            return done != 0 ? Result { done } : Result { Errno::fault };
        rt::write ({ text, part });
        done += part;
    }
    return size;
}

}  // namespace

Outcome write (Call& call, Word file, Address from, Word size)
{
    return write_to (call, file, from, size);
}

Outcome writev (Call& call, Word file, Address vectors, Word count)
{
    constexpr Word most_vectors = 1024;
    constexpr Word most_bytes = 0x7FFFFFFF;
    if (count > most_vectors)
        return Errno::invalid;
    Word done = 0;
    for (Word i = 0; i < count; ++i) {
        IoVector part {};
        Result written = Errno::fault;
        if (call.read (part, vectors + i * sizeof part))
            written = part.size > most_bytes - done ? Result { Errno::invalid }
                                                    : write_to (call, file, part.base, part.size);
        if (!written.ok ())
            return done != 0 ? Result { done } : written;
        done += written.raw ();
        if (written.raw () != part.size)
            break;
    }
    return done;
}

}  // namespace unix_server::calls
