// SPDX-License-Identifier: BSD-2-Clause
/// @file  Process groups and sessions: who may join what, and which groups are orphans.
///
/// Context: pure; host tests in tests/host/unix.
/// Source: POSIX.1, setpgid, setsid; 3.265 for orphans.
#pragma once

#include "process.hpp"

namespace unix_server {

/// setpgid (target, group), asked for by `caller`; 0 is the caller, and the target's own number.
[[nodiscard]] inline Result join_group (Processes& processes, Process& caller, Word target_pid,
                                        Word group)
{
    if (static_cast<std::int32_t> (group) < 0)
        return Errno::invalid;
    Process* const target = target_pid == 0 ? &caller : processes.find_alive (target_pid);
    if (target == nullptr || (target != &caller && target->parent != caller.pid))
        return Errno::no_process;
    if (target->session != caller.session || target->session == target->pid)
        return Errno::not_permitted;
    if (target != &caller && target->has_executed)
        return Errno::access;
    if (group == 0)
        group = target->pid;
    auto const is_there = [&] (Process const& each) {
        return each.group == group && each.session == caller.session;
    };
    if (group != target->pid && processes.find_if (is_there) == nullptr)
        return Errno::not_permitted;
    target->group = group;
    return Word { 0 };
}

/// setsid.
[[nodiscard]] inline Result begin_session (Processes& processes, Process& caller)
{
    auto const is_taken
        = [&] (Process const& each) { return each.group == caller.pid && each.is_alive (); };
    if (processes.find_if (is_taken) != nullptr)
        return Errno::not_permitted;
    caller.session = caller.group = caller.pid;
    return caller.pid;
}

/// Whether nobody outside the group, but in its session, is the parent of one in it: nobody would
/// let it go on if it stopped.
[[nodiscard]] inline bool is_orphaned (Processes& processes, Word group)
{
    auto const is_watched = [&] (Process const& each) {
        if (each.group != group || !each.is_alive ())
            return false;
        Process const* const parent = processes.find_alive (each.parent);
        return parent != nullptr && parent->group != group && parent->session == each.session;
    };
    return processes.find_if (is_watched) == nullptr;
}

}  // namespace unix_server
