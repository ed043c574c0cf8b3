// SPDX-License-Identifier: BSD-2-Clause
#include "life.hpp"

#include "../io/process_files.hpp"
#include <runtime/kip.hpp>

#include "../io/terminal_device.hpp"
#include "../signal/send.hpp"
#include "groups.hpp"
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

/// Those that are stopped, and whom the end of `process` may make orphans.
ProcessSet stopped_relations (System& system, Process const& process)
{
    ProcessSet found;
    system.processes.for_each_alive ([&] (Process const& each) {
        if (each.is_stopped && (each.parent == process.pid || each.group == process.group))
            found.add (system.processes.place_of (each));
    });
    return found;
}

/// Nobody will let them go on.
void wake_orphans (System& system, ProcessSet stopped)
{
    while (!stopped.empty ()) {
        Process const& process = system.processes.at (stopped.take_first ());
        if (!process.is_alive () || !is_orphaned (system.processes, process.group))
            continue;
        send_to_group (system, process.group, Signal::hangup, {});
        send_to_group (system, process.group, Signal::go_on, {});
    }
}

}  // namespace

void end_process (System& system, Process& process, Word status)
{
    leave_terminal (system, process.pid);
    ProcessSet const relations = stopped_relations (system, process);
    process.used = processor_time (process);
    close_files (system, process);
    system.processes.end (process, status, system.frames);
    wake_orphans (system, relations);
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
    // Not before whoever sends the signal has had time for another: shells let a job go on to end
    // it, and it must not stop again in between.
    constexpr Time first_the_sender = 1000;
    system.resumed.add (system.processes.place_of (process));
    system.at (rt::clock () + first_the_sender);
    tell_parent (system, process, cause_of (process, SignalInfo::continued,
                                            static_cast<Word> (Signal::go_on)));
}

}  // namespace unix_server
