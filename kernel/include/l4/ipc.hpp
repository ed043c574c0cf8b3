// SPDX-License-Identifier: BSD-2-Clause
/// @file  Result codes of ipc: bits 7..4 of the returned message dope.
#pragma once

#include <l4/word.hpp>

namespace l4 {

/// Codes up to 50h: nothing was transferred. From 60h: an unspecified part was.
/// The sender sees the receiver's code plus 10h, except for `not_existent`.
enum class IpcError : Word {
    none = 0x00,
    not_existent = 0x10,            ///< partner does not exist, in either phase
    receive_timeout = 0x20,
    send_timeout = 0x30,
    receive_cancelled = 0x40,
    send_cancelled = 0x50,
    receive_map_failed = 0x60,      ///< kernel memory ran out
    send_map_failed = 0x70,
    receive_send_fault_timeout = 0x80,   ///< fault in the receiver's buffer, sender's limit
    send_send_fault_timeout = 0x90,
    receive_receive_fault_timeout = 0xA0,  ///< fault in the sender's buffer, receiver's limit
    send_receive_fault_timeout = 0xB0,
    receive_aborted = 0xC0,
    send_aborted = 0xD0,
    receive_cut = 0xE0,             ///< message did not fit
    send_cut = 0xF0,
};

/// The code that the sender sees when the receiver sees `receiver`.
[[nodiscard]] constexpr IpcError sender_code (IpcError receiver)
{
    return receiver == IpcError::none || receiver == IpcError::not_existent
               ? receiver
               : static_cast<IpcError> (static_cast<Word> (receiver) + 0x10);
}

static_assert (sender_code (IpcError::receive_cut) == IpcError::send_cut);

}  // namespace l4
