// SPDX-License-Identifier: BSD-2-Clause
#include "alarm_clock.hpp"

#include <runtime/kip.hpp>
#include <runtime/thread.hpp>

namespace unix_server {

namespace {

constinit rt::Stack<1024> stack {};

[[nodiscard]] rt::Words pack (Time time)
{
    return { static_cast<rt::Word> (time), static_cast<rt::Word> (time >> 32) };
}
[[nodiscard]] Time unpack (rt::IpcResult const& message)
{
    return Time { message.w1 } << 32 | message.w0;
}

/// The longest timeout that is not longer than `microseconds`, but not 0: what is left is waited
/// for by the next one.
[[nodiscard]] l4::Timeout at_most (Time microseconds)
{
    l4::Timeout timeout { 15, 0 };
    while (timeout.exponent > 1 && microseconds > 255) {
        microseconds /= 4;
        --timeout.exponent;
    }
    timeout.mantissa = microseconds > 255 ? 255 : static_cast<rt::Word> (microseconds);
    return timeout;
}

void tick (void*)
{
    l4::ThreadId const server = rt::myself ().with_lthread (0);
    Time deadline = never;
    for (;;) {
        Time const now = rt::clock ();
        bool const is_over = deadline != never && now >= deadline;
        l4::Timeout const patience
            = deadline == never ? l4::Timeout::never () : at_most (deadline - now);
        rt::IpcResult const message
            = is_over ? rt::call (server, {})
                      : rt::receive (server, { l4::Timeout::never (), patience });
        if (message.dope.ok ())
            deadline = unpack (message);
    }
}

}  // namespace

void AlarmClock::start () { rt::start_thread (thread, stack.top (), tick); }

void AlarmClock::set (Time time)
{
    if (time == set_to_ && !is_waiting_)
        return;
    // If it does not listen its message is on the way.
    if (rt::send (rt::myself ().with_lthread (thread), pack (time), rt::reply_timeouts).ok ()) {
        set_to_ = time;
        is_waiting_ = false;
    }
}

}  // namespace unix_server
