// SPDX-License-Identifier: BSD-2-Clause
#include "group_calls.hpp"

#include "groups.hpp"

namespace unix_server::calls {

namespace {

Process const* find (Call& call, Word pid)
{
    return pid == 0 ? &call.process
                    : call.system.processes.find_if (
                          [pid] (Process const& each) { return each.pid == pid; });
}

}  // namespace

Result setpgid (Call& call, Word pid, Word group)
{
    return join_group (call.system.processes, call.process, pid, group);
}

Result getpgid (Call& call, Word pid)
{
    Process const* const found = find (call, pid);
    return found == nullptr ? Result { Errno::no_process } : Result { found->group };
}

Result getpgrp (Call& call) { return call.process.group; }

Result setsid (Call& call) { return begin_session (call.system.processes, call.process); }

Result getsid (Call& call, Word pid)
{
    Process const* const found = find (call, pid);
    return found == nullptr ? Result { Errno::no_process } : Result { found->session };
}

}  // namespace unix_server::calls
