// SPDX-License-Identifier: BSD-2-Clause
#include "send.hpp"

namespace unix_server {

void send_signal (System& system, Process& process, Signal signal, Cause const& cause)
{
    process.signals.post (signal, cause);
    system.signalled.add (system.processes.place_of (process));
}

bool send_to_group (System& system, Word group, Signal signal, Cause const& cause)
{
    bool any = false;
    system.processes.for_each_alive ([&] (Process& process) {
        if (process.group != group)
            return;
        any = true;
        send_signal (system, process, signal, cause);
    });
    return any;
}

void raise_exception (System& system, Process& process, Signal signal, Cause const& cause)
{
    process.signals.force (signal, cause);
    system.signalled.add (system.processes.place_of (process));
}

}  // namespace unix_server
