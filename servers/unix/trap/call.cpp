// SPDX-License-Identifier: BSD-2-Clause
#include "call.hpp"

#include <algorithm>

namespace unix_server {

Result Call::read_text (std::span<char> to, Address from)
{
    for (Word length = 0; length < to.size ();) {
        auto const piece = process.space.reach (from + length, false, system.frames);
        if (piece.empty ())
            return Errno::fault;
        Word const part = static_cast<Word> (std::min (piece.size (), to.size () - length));
        __builtin_memcpy (to.data () + length, piece.data (), part);
        std::string_view const copied { to.data () + length, part };
        if (std::size_t const end = copied.find ('\0'); end != copied.npos)
            return length + static_cast<Word> (end);
        length += part;
    }
    return Errno::name_too_long;
}

}  // namespace unix_server
