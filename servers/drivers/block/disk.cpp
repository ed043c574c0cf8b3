// SPDX-License-Identifier: BSD-2-Clause
#include "protocol.hpp"

namespace block {

namespace {

template <typename Request>
[[nodiscard]] rt::Reply<typename Request::Answer>
ask (drivers::Device& device, drivers::Message& message, Request const& request)
{
    message.ask (request);
    rt::Reply<typename Request::Answer> reply { device.ask (message), {} };
    if (reply.ok () && !message.get (reply.value))
        reply.error = rt::Error::bad_request;
    return reply;
}

/// A driver does not wait for a client's memory: it has to be there.
void touch (void* begin, Word size)
{
    auto* const bytes = static_cast<char volatile*> (begin);
    for (Word at = 0; at < size; at += l4::page_size)
        bytes[at] = bytes[at];
    bytes[size - 1] = bytes[size - 1];
}

void touch (void const* begin, Word size)
{
    auto const* const bytes = static_cast<char const volatile*> (begin);
    for (Word at = 0; at < size; at += l4::page_size)
        static_cast<void> (bytes[at]);
    static_cast<void> (bytes[size - 1]);
}

}  // namespace

rt::Error Disk::read (Extent extent, void* to)
{
    touch (to, extent.count () * sector_size);
    drivers::Message message { to, extent.count () * sector_size };
    rt::Error const error = ask (device_, message, Read { extent }).error;
    bool const complete = message.byte_count () == extent.count () * sector_size;
    return error == rt::Error::none && !complete ? rt::Error::device : error;
}

rt::Error Disk::write (Extent extent, void const* from)
{
    touch (from, extent.count () * sector_size);
    drivers::Message message {};
    message.ask (Write { extent });
    message.attach (from, extent.count () * sector_size);
    return device_.ask (message);
}

rt::Error Disk::flush (Word drive)
{
    drivers::Message message {};
    return ask (device_, message, Flush { drive }).error;
}

rt::Reply<Describe::Answer> Disk::describe (Word unit)
{
    drivers::Message message {};
    return ask (device_, message, Describe { unit });
}

rt::Reply<Identify::Answer> Disk::identify (Word drive, DriveText& text)
{
    touch (&text, sizeof text);
    drivers::Message message { &text, sizeof text };
    return ask (device_, message, Identify { drive });
}

rt::Reply<Statistics::Answer> Disk::statistics ()
{
    drivers::Message message {};
    return ask (device_, message, Statistics {});
}

}  // namespace block
