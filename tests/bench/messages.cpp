// SPDX-License-Identifier: BSD-2-Clause
#include "messages.hpp"

#include <framework/message.hpp>

namespace bench {

namespace {

constexpr unsigned most_dwords = l4::register_dwords + most_direct_bytes / sizeof (Word);

struct Buffer {
    Word words[guest::Message::words (most_dwords, 1)];
};

alignas (l4::page_size) constinit Buffer buffers[message_buffers] {};
alignas (l4::page_size) constinit char strings[message_buffers][most_string_bytes] {};

}  // namespace

Word direct_message (unsigned n, Word bytes)
{
    Word const dwords = l4::register_dwords + bytes / sizeof (Word);
    return guest::Message { buffers[n].words, dwords }.sending ().raw ();
}

Word string_message (unsigned n, Word bytes)
{
    guest::Message message { buffers[n].words, l4::register_dwords, 1 };
    auto const address = reinterpret_cast<l4::Address> (strings[n]);
    message.string (0) = { bytes, address, bytes, address };
    return message.sending ().raw ();
}

}  // namespace bench
