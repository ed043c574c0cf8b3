// SPDX-License-Identifier: BSD-2-Clause
/// @file  What cases want to know from the supervisor, and from the kernel about threads.
#pragma once

#include <root/protocol.hpp>
#include <supervisor/protocol.hpp>

#include <framework/check.hpp>

/// What the supervisor knows about a driver. Ends the case if it knows none of this name.
[[nodiscard]] inline supervisor::Describe::Answer describe (rt::Name const& name)
{
    l4::ThreadId const watcher = root::find_name (supervisor::name);
    for (l4::Word index = 0;; ++index) {
        auto const driver = rt::call (watcher, supervisor::Describe { index });
        REQUIRE (driver.ok ());
        if (driver.value.name == name)
            return driver.value;
    }
}

[[nodiscard]] inline l4::ScheduleParameter look_at (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old;
}

/// The time slice stays what it is.
inline void set_priority (l4::ThreadId thread, l4::Word priority)
{
    rt::thread_schedule (thread, { priority, look_at (thread).slice () });
}
