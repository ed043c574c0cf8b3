// SPDX-License-Identifier: BSD-2-Clause
#include "signal_calls.hpp"

#include "frame.hpp"
#include "send.hpp"

namespace unix_server::calls {

namespace {

constexpr Word set_bytes = 8;

Cause cause_of (Process const& sender, std::int32_t code)
{
    Cause cause { code, {} };
    cause.fields[SignalInfo::pid] = sender.pid;
    return cause;
}

Result change_disposition (Signals& signals, Word number, Disposition const* wanted)
{
    if (!is_signal (number))
        return Errno::invalid;
    auto const signal = static_cast<Signal> (number);
    if (wanted != nullptr && untouchable.contains (signal))
        return Errno::invalid;
    if (wanted != nullptr)
        signals.set_disposition (signal, *wanted);
    return ok;
}

Result change_mask (Signals& signals, Word how, SignalSet set)
{
    switch (how) {
    case masking::block: signals.block (signals.blocked ().with (set)); return ok;
    case masking::unblock: signals.block (signals.blocked ().without (set)); return ok;
    case masking::set: signals.block (set); return ok;
    }
    return Errno::invalid;
}

Interrupted interrupted (Call& call)
{
    return { call.process.call_page (), call.process.space, call.system.frames,
             call.process.signals };
}

/// A frame was loaded, or there was none.
Outcome go_on_from (Call& call, bool is_loaded)
{
    if (!is_loaded) {
        raise_exception (call.system, call.process, Signal::segmentation_fault, {});
        return Outcome::resume (answer_plain);
    }
    call.process.has_floating_point = true;
    return Outcome::resume (answer_with_segments);
}

Outcome suspend (Call& call, SignalSet mask)
{
    if (!call.is_retry ())
        call.process.signals.block_for_now (mask);
    return Outcome::wait (OnSignal::fail);
}

Result send_to_one (Call& call, Word pid, Word signal, std::int32_t code)
{
    Process* const target = call.system.processes.find_if (
        [pid] (Process const& process) { return process.pid == pid; });
    if (target == nullptr)
        return Errno::no_process;
    if (signal != 0 && target->is_alive ())
        send_signal (call.system, *target, static_cast<Signal> (signal),
                     cause_of (call.process, code));
    return ok;
}

Result send_to_many (Call& call, Word group, Word signal)
{
    bool any = false;
    call.system.processes.for_each_alive ([&] (Process& process) {
        if (process.group != group)
            return;
        any = true;
        if (signal != 0)
            send_signal (call.system, process, static_cast<Signal> (signal),
                         cause_of (call.process, SignalInfo::by_kill));
    });
    return any ? Result { ok } : Result { Errno::no_process };
}

/// All but the caller.
Result send_to_all (Call& call, Word signal)
{
    bool any = false;
    call.system.processes.for_each_alive ([&] (Process& process) {
        if (&process == &call.process)
            return;
        any = true;
        if (signal != 0)
            send_signal (call.system, process, static_cast<Signal> (signal),
                         cause_of (call.process, SignalInfo::by_kill));
    });
    return any ? Result { ok } : Result { Errno::no_process };
}

}  // namespace

// What the process wants.

Outcome sigaction (Call& call, Word signal, Address wanted, Address old)
{
    OldAction in {};
    Disposition const before
        = is_signal (signal) ? call.process.signals.disposition (static_cast<Signal> (signal))
                             : Disposition {};
    if (wanted != 0 && !call.read (in, wanted))
        return Errno::fault;
    Disposition const disposition { in.handler, in.flags, in.restorer, SignalSet { in.mask } };
    Result const result = change_disposition (call.process.signals, signal,
                                              wanted != 0 ? &disposition : nullptr);
    OldAction const out { before.handler, static_cast<Word> (before.mask.bits ()), before.flags,
                          before.restorer };
    if (result.ok () && old != 0 && !call.write (old, out))
        return Errno::fault;
    return result;
}

Outcome rt_sigaction (Call& call, Word signal, Address wanted, Address old, Word set_size)
{
    if (set_size != set_bytes)
        return Errno::invalid;
    Action in {};
    Disposition const before
        = is_signal (signal) ? call.process.signals.disposition (static_cast<Signal> (signal))
                             : Disposition {};
    if (wanted != 0 && !call.read (in, wanted))
        return Errno::fault;
    Disposition const disposition { in.handler, in.flags, in.restorer, SignalSet { in.mask } };
    Result const result = change_disposition (call.process.signals, signal,
                                              wanted != 0 ? &disposition : nullptr);
    Action const out { before.handler, before.flags, before.restorer, before.mask.bits () };
    if (result.ok () && old != 0 && !call.write (old, out))
        return Errno::fault;
    return result;
}

Outcome sigprocmask (Call& call, Word how, Address wanted, Address old)
{
    Signals& signals = call.process.signals;
    auto const before = static_cast<Word> (signals.blocked ().bits ());
    Word set = 0;
    if (wanted != 0 && !call.read (set, wanted))
        return Errno::fault;
    // To set the 32 of the older call leaves the others.
    std::uint64_t const others = how == masking::set ? signals.blocked ().bits () >> 32 << 32 : 0;
    if (wanted != 0)
        if (Result const result = change_mask (signals, how, SignalSet { set | others });
            !result.ok ())
            return result;
    return old == 0 || call.write (old, before) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome rt_sigprocmask (Call& call, Word how, Address wanted, Address old, Word set_size)
{
    if (set_size != set_bytes)
        return Errno::invalid;
    Signals& signals = call.process.signals;
    std::uint64_t const before = signals.blocked ().bits ();
    std::uint64_t set = 0;
    if (wanted != 0 && !call.read (set, wanted))
        return Errno::fault;
    if (wanted != 0)
        if (Result const result = change_mask (signals, how, SignalSet { set }); !result.ok ())
            return result;
    return old == 0 || call.write (old, before) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome sigpending (Call& call, Address set)
{
    Signals const& signals = call.process.signals;
    auto const waiting = static_cast<Word> (signals.waiting ().both (signals.blocked ()).bits ());
    return call.write (set, waiting) ? Outcome { ok } : Outcome { Errno::fault };
}

Outcome rt_sigpending (Call& call, Address set, Word set_size)
{
    Signals const& signals = call.process.signals;
    if (set_size > set_bytes)
        return Errno::invalid;
    std::uint64_t const waiting = signals.waiting ().both (signals.blocked ()).bits ();
    return call.process.space.write (set, &waiting, set_size, call.system.frames)
               ? Outcome { ok }
               : Outcome { Errno::fault };
}

Outcome sigaltstack (Call& call, Address wanted, Address old)
{
    AlternativeStack const before = stack_now (interrupted (call));
    AlternativeStack in {};
    if (wanted != 0) {
        if (!call.read (in, wanted))
            return Errno::fault;
        if (before.flags == AlternativeStack::in_use)
            return Errno::not_permitted;
        if ((in.flags & ~AlternativeStack::disabled) != 0)
            return Errno::invalid;
        bool const is_disabled = in.flags == AlternativeStack::disabled;
        if (!is_disabled && in.size < AlternativeStack::smallest)
            return Errno::no_memory;
        call.process.signals.stack = is_disabled ? AlternativeStack {} : in;
    }
    return old == 0 || call.write (old, before) ? Outcome { ok } : Outcome { Errno::fault };
}

// The ends of handlers.

Outcome sigreturn (Call& call)
{
    return go_on_from (call, leave_handler (interrupted (call), frame_of (call.process.trap.esp)));
}

Outcome rt_sigreturn (Call& call)
{
    return go_on_from (call, leave_handler_with_info (interrupted (call),
                                                      info_frame_of (call.process.trap.esp)));
}

// Waiting.

Outcome pause (Call&) { return Outcome::wait (OnSignal::fail); }

Outcome sigsuspend (Call& call, Word, Word, Word mask)
{
    return suspend (call, SignalSet { mask });
}

Outcome rt_sigsuspend (Call& call, Address mask, Word set_size)
{
    std::uint64_t set = 0;
    if (set_size != set_bytes)
        return Errno::invalid;
    if (!call.is_retry () && !call.read (set, mask))
        return Errno::fault;
    return suspend (call, SignalSet { set });
}

// Sending.

Outcome kill (Call& call, Word target, Word signal)
{
    auto const number = static_cast<std::int32_t> (target);
    if (signal != 0 && !is_signal (signal))
        return Errno::invalid;
    if (number > 0)
        return send_to_one (call, target, signal, SignalInfo::by_kill);
    if (number == -1)
        return send_to_all (call, signal);
    return send_to_many (call, number == 0 ? call.process.group : 0 - target, signal);
}

Outcome tkill (Call& call, Word thread, Word signal)
{
    if ((signal != 0 && !is_signal (signal)) || static_cast<std::int32_t> (thread) <= 0)
        return Errno::invalid;
    return send_to_one (call, thread, signal, SignalInfo::by_tkill);
}

Outcome tgkill (Call& call, Word process, Word thread, Word signal)
{
    if (static_cast<std::int32_t> (process) <= 0)
        return Errno::invalid;
    return process == thread ? tkill (call, thread, signal) : Outcome { Errno::no_process };
}

}  // namespace unix_server::calls
