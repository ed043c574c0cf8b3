// SPDX-License-Identifier: BSD-2-Clause
/// @file  A port that as many tasks have as can.
#include "crowd.hpp"

#include <framework/pager.hpp>
#include <framework/ports.hpp>

using namespace guest;
using l4::Fpage;

namespace {

constexpr unsigned most_holders = 15;

/// Tasks that take what they are given.
struct Takers {
    l4::ThreadId tasks[most_holders];
    unsigned count { 0 };

    Takers ()
    {
        crowd_window = l4::ReceiveDescriptor::map_window (Fpage::whole_io ()).open ().raw ();
        for (l4::ThreadId& task : tasks)
            task = rt::task_new (own_task_id (take_task_number ()), 255, 0,
                                 address_of (crowd_collect), pager_id ());
        settle ();
    }
    /// @return how many have got something
    unsigned give (Fpage ports)
    {
        count = 0;
        for (l4::ThreadId task : tasks)
            if (rt::send_fpage (task, 0, ports, bounded).ok ())
                ++count;
        return count;
    }
};

}  // namespace

TEST_CASE ("LAT-011", "a port goes to as many as can have it, and is taken back from all", "V2-092")
{
    Word const port = acquire_port ();
    Takers takers;
    for (unsigned n = 0; n < 2; ++n) {
        CHECK (takers.give (Fpage::io (port, 0)) >= most_holders - 1);
        rt::fpage_unmap (Fpage::io (port, 0), l4::unmap_completely);
    }
    CHECK (takers.give (Fpage::io (port, 0)) >= most_holders - 1);
    for (l4::ThreadId task : takers.tasks)      // and with their ends
        CHECK (!rt::task_new (own_task_id (task.task ()), rt::myself ().low (), 0, 0,
                              l4::ThreadId::nil ()).is_nil ());
}
