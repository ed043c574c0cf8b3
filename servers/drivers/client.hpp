// SPDX-License-Identifier: BSD-2-Clause
/// @file  What the client's side of each protocol is made of.
#pragma once

#include "protocol.hpp"

namespace drivers {

/// A request without bytes, or whose bytes `message` has room for.
template <typename Request>
[[nodiscard]] rt::Reply<typename Request::Answer> ask (Device& device, Message& message,
                                                       Request const& request)
{
    message.ask (request);
    rt::Reply<typename Request::Answer> reply { device.ask (message), {} };
    if (reply.ok () && !message.get (reply.value))
        reply.error = rt::Error::bad_request;
    return reply;
}

/// A driver does not wait for a client's memory: it has to be there.
inline void touch (void* begin, Word size)
{
    auto* const bytes = static_cast<char volatile*> (begin);
    for (Word at = 0; at < size; at += l4::page_size)
        bytes[at] = bytes[at];
    bytes[size - 1] = bytes[size - 1];
}

inline void touch (void const* begin, Word size)
{
    auto const* const bytes = static_cast<char const volatile*> (begin);
    for (Word at = 0; at < size; at += l4::page_size)
        static_cast<void> (bytes[at]);
    static_cast<void> (bytes[size - 1]);
}

}  // namespace drivers
