// SPDX-License-Identifier: BSD-2-Clause
#include "time_calls.hpp"

#include <runtime/ia32/syscalls.hpp>
#include <runtime/kip.hpp>

namespace unix_server {

Time processor_time (Process const& process)
{
    if (process.thread.is_nil ())
        return process.used;
    rt::ScheduleResult const now = rt::thread_schedule (process.thread,
                                                        l4::ScheduleParameter { ~Word { 0 } });
    return Time { now.time_high & 0xFFFF } << 32 | now.time_low;
}

namespace calls {

namespace {

constexpr Word real_timer = 0;
constexpr Word own_usage = 0;
constexpr Word children_usage = ~Word { 0 };

/// @return false: there is no such clock
bool read_clock (Call& call, Word clock, Time& time)
{
    switch (clock) {
    case clock_id::real_time:
    case clock_id::real_time_coarse: time = call.system.boot_time + rt::clock (); return true;
    case clock_id::monotonic:
    case clock_id::monotonic_raw:
    case clock_id::monotonic_coarse:
    case clock_id::boot_time: time = rt::clock (); return true;
    case clock_id::process_time:
    case clock_id::thread_time: time = processor_time (call.process); return true;
    }
    return false;
}

template <typename Spec>
Outcome tell_clock (Call& call, Word clock, Address to)
{
    Time now = 0;
    if (!read_clock (call, clock, now))
        return Errno::invalid;
    return call.write (to, from_time<Spec> (now)) ? Outcome { ok } : Outcome { Errno::fault };
}

template <typename Spec>
Outcome tell_resolution (Call& call, Word clock, Address to)
{
    constexpr Time tick = 1000;
    Time now = 0;
    if (!read_clock (call, clock, now))
        return Errno::invalid;
    return to == 0 || call.write (to, from_time<Spec> (tick)) ? Outcome { ok }
                                                              : Outcome { Errno::fault };
}

/// @param remaining  0: is not asked for
template <typename Spec>
Outcome sleep_until (Call& call, Time deadline, Address remaining)
{
    Time const now = rt::clock ();
    if (now >= deadline)
        return ok;
    if (call.is_interrupted () && remaining != 0
        && !call.write (remaining, from_time<Spec> (deadline - now)))
        return Errno::fault;
    call.listen_until (deadline);
    return Outcome::wait (OnSignal::fail);
}

template <typename Spec>
Outcome sleep (Call& call, Word clock, Word flags, Address wanted, Address remaining)
{
    bool const is_real = clock == clock_id::real_time;
    if (!is_real && clock != clock_id::monotonic && clock != clock_id::boot_time)
        return Errno::invalid;
    Spec spec {};
    Time time = 0;
    if (!call.read (spec, wanted))
        return Errno::fault;
    if (!to_time (spec, time))
        return Errno::invalid;
    if ((flags & timer_absolute) == 0)
        return sleep_until<Spec> (call, call.deadline_after (time), remaining);
    Time const base = is_real ? call.system.boot_time : 0;
    return sleep_until<Spec> (call, time > base ? time - base : 0, 0);
}

/// What is left of the alarm, and what follows.
IntervalTimer timer_now (Process const& process)
{
    Time const now = rt::clock ();
    Time const left = process.alarm == never   ? 0
                      : process.alarm <= now ? 1
                                             : process.alarm - now;
    return { from_time<TimeValue> (process.alarm_interval), from_time<TimeValue> (left) };
}

void set_alarm (Call& call, Time first, Time interval)
{
    call.process.alarm = first == 0 ? never : rt::clock () + first;
    call.process.alarm_interval = interval;
    if (first != 0)
        call.system.at (call.process.alarm);
}

Word in_ticks (Time time)
{
    return static_cast<Word> (
        divide (time, microseconds_per_second / ticks_per_second).quotient);
}

}  // namespace

// Clocks.

Outcome time (Call& call, Address to)
{
    Word const now = static_cast<Word> (
        divide (call.system.boot_time + rt::clock (), microseconds_per_second).quotient);
    return to == 0 || call.write (to, now) ? Outcome { now } : Outcome { Errno::fault };
}

Outcome gettimeofday (Call& call, Address to, Address zone)
{
    TimeValue const now = from_time<TimeValue> (call.system.boot_time + rt::clock ());
    if ((to != 0 && !call.write (to, now)) || (zone != 0 && !call.write (zone, TimeZone {})))
        return Errno::fault;
    return ok;
}

Outcome clock_gettime (Call& call, Word clock, Address to)
{
    return tell_clock<TimeSpec> (call, clock, to);
}

Outcome clock_gettime64 (Call& call, Word clock, Address to)
{
    return tell_clock<TimeSpec64> (call, clock, to);
}

Outcome clock_getres (Call& call, Word clock, Address to)
{
    return tell_resolution<TimeSpec> (call, clock, to);
}

Outcome clock_getres64 (Call& call, Word clock, Address to)
{
    return tell_resolution<TimeSpec64> (call, clock, to);
}

// Sleeping.

Outcome nanosleep (Call& call, Address wanted, Address remaining)
{
    return sleep<TimeSpec> (call, clock_id::monotonic, 0, wanted, remaining);
}

Outcome clock_nanosleep (Call& call, Word clock, Word flags, Address wanted, Address remaining)
{
    return sleep<TimeSpec> (call, clock, flags, wanted, remaining);
}

Outcome clock_nanosleep64 (Call& call, Word clock, Word flags, Address wanted, Address remaining)
{
    return sleep<TimeSpec64> (call, clock, flags, wanted, remaining);
}

/// The next message of another process may come before the answer is sent anyway.
Outcome sched_yield (Call&) { return ok; }

// The alarm.

Outcome alarm (Call& call, Word seconds)
{
    TimeValue const left = timer_now (call.process).value;
    set_alarm (call, seconds * microseconds_per_second, 0);
    constexpr std::int32_t half = 500'000;
    // Rounded to seconds, but not to none.
    bool const more = left.microseconds >= half || (left.seconds == 0 && left.microseconds != 0);
    return static_cast<Word> (left.seconds) + (more ? 1 : 0);
}

Outcome setitimer (Call& call, Word which, Address wanted, Address old)
{
    if (which != real_timer)
        return Errno::invalid;
    IntervalTimer const before = timer_now (call.process);
    IntervalTimer in {};
    Time first = 0;
    Time interval = 0;
    if (wanted != 0 && !call.read (in, wanted))
        return Errno::fault;
    if (!to_time (in.value, first) || !to_time (in.interval, interval))
        return Errno::invalid;
    set_alarm (call, first, interval);
    return old == 0 || call.write (old, before) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome getitimer (Call& call, Word which, Address to)
{
    if (which != real_timer)
        return Errno::invalid;
    return call.write (to, timer_now (call.process)) ? Outcome { ok } : Outcome { Errno::fault };
}

// What was used. All of it counts as the program's own: the server's time is not told apart.

Outcome times (Call& call, Address to)
{
    ProcessTimes const used { in_ticks (processor_time (call.process)), 0,
                              in_ticks (call.process.children_used), 0 };
    if (to != 0 && !call.write (to, used))
        return Errno::fault;
    return in_ticks (rt::clock ());
}

Outcome getrusage (Call& call, Word whose, Address to)
{
    if (whose != own_usage && whose != children_usage)
        return Errno::invalid;
    return call.write (to, usage_of (whose == own_usage ? processor_time (call.process)
                                                        : call.process.children_used))
               ? Outcome { ok }
               : Outcome { Errno::fault };
}

}  // namespace calls

}  // namespace unix_server
