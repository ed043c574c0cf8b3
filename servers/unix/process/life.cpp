// SPDX-License-Identifier: BSD-2-Clause
#include "life.hpp"

#include "../io/process_files.hpp"
#include "../signal/send.hpp"
#include "time_calls.hpp"

namespace unix_server {

namespace {

Cause cause_of (Process const& child, std::int32_t code, Word status)
{
    Cause cause { code, {} };
    cause.fields[SignalInfo::pid] = child.pid;
    cause.fields[SignalInfo::status] = status;
    return cause;
}

/// @param status  in wait4's form
Cause cause_of_end (Process const& child, Word status)
{
    Word const signal = status & 0x7F;
    return signal == 0 ? cause_of (child, SignalInfo::exited, status >> 8 & 0xFF)
                       : cause_of (child, SignalInfo::killed, signal);
}

/// A child has stopped, or goes on.
void tell_parent (System& system, Process const& child, Cause const& cause)
{
    Process* const parent = system.processes.find_alive (child.parent);
    if (parent == nullptr)
        return;
    system.wake (parent->children);
    if ((parent->signals.disposition (Signal::child).flags & action::no_stopped_children) == 0)
        send_signal (system, *parent, Signal::child, cause);
}

/// Whether zombies are not for it.
bool wants_no_status (Process const& parent)
{
    Disposition const& wanted = parent.signals.disposition (Signal::child);
    return wanted.handler == handler::ignore || (wanted.flags & action::no_zombies) != 0;
}

}  // namespace

void end_process (System& system, Process& process, Word status)
{
    process.used = processor_time (process);
    close_files (system, process);
    system.processes.end (process, status, system.frames);
    if (process.pid == first_pid)
        return;
    Process* const parent = system.processes.find_alive (process.parent);
    if (parent == nullptr) {
        system.processes.forget (process);
        return;
    }
    send_signal (system, *parent, Signal::child, cause_of_end (process, status));
    system.wake (parent->children);
    if (wants_no_status (*parent))
        system.processes.forget (process);
}

void stop_process (System& system, Process& process, Signal signal)
{
    if (process.state == Process::State::running)
        process.state = Process::State::held;
    process.is_stopped = true;
    process.news = stopped_by (signal);
    tell_parent (system, process,
                 cause_of (process, SignalInfo::stopped, static_cast<Word> (signal)));
}

void continue_process (System& system, Process& process)
{
    if (!process.is_stopped)
        return;
    process.is_stopped = false;
    process.news = has_continued;
    system.woken.add (system.processes.place_of (process));
    tell_parent (system, process, cause_of (process, SignalInfo::continued,
                                            static_cast<Word> (Signal::go_on)));
}

}  // namespace unix_server
