// SPDX-License-Identifier: BSD-2-Clause
#include "protocol.hpp"

#include <drivers/client.hpp>

namespace net {

using drivers::ask;
using drivers::touch;

rt::Reply<Describe::Answer> Network::describe ()
{
    drivers::Message message {};
    return ask (device_, message, Describe {});
}

rt::Error Network::send (void const* frame, Word size)
{
    if (size == 0)
        return rt::Error::bad_request;
    touch (frame, size);
    drivers::Message message {};
    message.ask (Send {});
    message.attach (frame, size);
    return device_.ask (message);
}

rt::Error Network::receive (void* to, Word& size)
{
    touch (to, most_frame);
    drivers::Message message { to, most_frame };
    rt::Error const error = ask (device_, message, Receive {}).error;
    size = error == rt::Error::none ? message.byte_count () : 0;
    return error;
}

rt::Reply<Statistics::Answer> Network::statistics ()
{
    drivers::Message message {};
    return ask (device_, message, Statistics {});
}

}  // namespace net
