// SPDX-License-Identifier: BSD-2-Clause
/// @file  The buffers of the messages that are measured: one to send from and one to receive into
///        for each side.
#pragma once

#include <l4/word.hpp>

namespace bench {

using l4::Word;

constexpr unsigned message_buffers = 4;
constexpr Word most_direct_bytes = 4096;
constexpr Word most_string_bytes = 65536;

/// Buffer `n` as a message that carries `bytes` behind w0 and w1 in its words.
[[nodiscard]] Word direct_message (unsigned n, Word bytes);

/// The same with one string.
[[nodiscard]] Word string_message (unsigned n, Word bytes);

}  // namespace bench
