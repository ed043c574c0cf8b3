// SPDX-License-Identifier: BSD-2-Clause
#include "protocol.hpp"

#include <drivers/client.hpp>

namespace block {

using drivers::ask;
using drivers::touch;

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
