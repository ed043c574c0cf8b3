// SPDX-License-Identifier: BSD-2-Clause
#include "alarm_clock.hpp"

#include <runtime/kip.hpp>
#include <runtime/thread.hpp>

namespace unix_server {

namespace {

constinit rt::Stack<1024> stack {};

/// Written before the thread begins to wait for it.
constinit Time deadline { never };

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

void ring (void*)
{
    for (Time now = rt::clock (); now < deadline; now = rt::clock ())
        rt::sleep (at_most (deadline - now));
    rt::send (rt::myself ().with_lthread (0), {});
    rt::sleep_forever ();
}

}  // namespace

/// The thread begins anew, wherever it is: no message to it can come at the wrong time.
void AlarmClock::set (Time time)
{
    if (time == set_to_ || time == never)
        return;
    set_to_ = deadline = time;
    rt::start_thread (thread, stack.top (), ring);
}

}  // namespace unix_server
