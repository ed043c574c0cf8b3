// SPDX-License-Identifier: BSD-2-Clause
#include "protocol.hpp"

#include <drivers/client.hpp>

namespace wall {

using drivers::ask;

rt::Reply<Now::Answer> Clock::now ()
{
    drivers::Message message {};
    return ask (device_, message, Now {});
}

rt::Error Clock::set (Word seconds)
{
    drivers::Message message {};
    return ask (device_, message, Set { seconds }).error;
}

rt::Reply<Alarm::Answer> Clock::wait_until (Word seconds)
{
    drivers::Message message {};
    return ask (device_, message, Alarm { seconds });
}

}  // namespace wall
