// SPDX-License-Identifier: BSD-2-Clause
/// @file  A store: blocks of one page, by number, for a pager that has more pages than frames. The
///        memory store keeps them in its memory; a disk's server can speak the same.
///
/// | w0    | w1    | with it        | answer                                |
/// |-------|-------|----------------|---------------------------------------|
/// | read  | block |                | w0 = rt::Error, and a string: 4 KB    |
/// | write | block | a string: 4 KB | w0 = rt::Error                        |
///
/// Blocks belong to the task that writes them first.
#pragma once

#include <runtime/message.hpp>

namespace store {

using l4::Address;
using l4::Word;

constexpr Word read_operation = 0x40;
constexpr Word write_operation = 0x41;

/// Two words, and a page that goes or comes as a string.
struct BlockMessage {
    static constexpr Word words = l4::register_dwords;

    BlockMessage (Address send_page, Address receive_page)
        : page { send_page == 0 ? 0 : l4::page_size, send_page,
                 receive_page == 0 ? 0 : l4::page_size, receive_page }
    {
    }

    /// @return the descriptor that sends the words alone, or with the page
    [[nodiscard]] l4::SendDescriptor sending (bool with_page)
    {
        send = l4::MessageDope { words, with_page ? 1u : 0u };
        return with_page ? l4::SendDescriptor { reinterpret_cast<Address> (this) }
                         : l4::SendDescriptor::registers ();
    }
    [[nodiscard]] l4::ReceiveDescriptor receiving () const
    {
        return l4::ReceiveDescriptor { reinterpret_cast<Address> (this) };
    }

    l4::Fpage window {};
    l4::MessageDope size { words, 1 };
    l4::MessageDope send {};
    Word w0 { 0 };
    Word w1 { 0 };
    l4::StringDope page;
};

static_assert (offsetof (BlockMessage, page) == sizeof (l4::MessageHeader));

/// Not inline: the address of the message and seven registers are too much for some functions.
/// @return false: the store is gone, has no such block, or no room
[[gnu::noinline]] inline bool transfer (l4::ThreadId server, Word operation, Word block,
                                        Address page)
{
    bool const writes = operation == write_operation;
    BlockMessage message { writes ? page : 0, writes ? 0 : page };
    rt::IpcResult const answer = rt::ipc (message.sending (writes), message.receiving (), server,
                                          l4::Timeouts::never (), operation, block);
    return answer.dope.ok () && answer.w0 == 0;
}

inline bool read (l4::ThreadId server, Word block, Address page)
{
    return transfer (server, read_operation, block, page);
}

inline bool write (l4::ThreadId server, Word block, Address page)
{
    return transfer (server, write_operation, block, page);
}

}  // namespace store
