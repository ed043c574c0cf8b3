// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench scale: the message between two spaces while few tasks live, and while as many do as
///        there are task numbers or kernel memory for.
///
/// The others have each run once and wait for a message.
#include <runtime/info_page.hpp>
#include <runtime/print.hpp>

#include <framework/pager.hpp>
#include <framework/task_numbers.hpp>
#include <framework/time.hpp>

#include "ipc_loops.hpp"
#include "paths.hpp"

namespace bench {

namespace {

/// The numbers behind those of the partner tasks.
constexpr Word first_number = 4;

[[nodiscard]] l4::ThreadId task_id (Word n)
{
    return guest::own_task_id (rt::info_page ().first_task + n);
}

[[nodiscard]] bool create (Word n)
{
    constexpr Word mcp = 255;
    return !rt::task_new (task_id (n), mcp, 0, reinterpret_cast<l4::Address> (bench_wait_forever),
                          guest::pager_id ()).is_nil ();
}

void destroy (Word n)
{
    static_cast<void> (rt::task_new (task_id (n), rt::info_page ().own.low (), 0, 0,
                                     l4::ThreadId::nil ()));
}

[[nodiscard]] bool waits (Word n)
{
    constexpr l4::ScheduleParameter read_only { l4::unchanged };
    auto const state = rt::thread_schedule (task_id (n), read_only).old;
    return state.raw () != l4::unchanged
           && state.state () == static_cast<Word> (l4::ThreadStateCode::waiting);
}

/// Create tasks until there is no number or no memory left. @return behind the last one
[[nodiscard]] Word create_all ()
{
    constexpr Word kept_free = 4;
    Word const end = rt::info_page ().task_count;
    Word n = first_number;
    while (n < end && create (n)) {
        ++n;
        guest::sleep_milliseconds (1);
        if (!waits (n - 1))
            break;
    }
    if (n == end)
        return n;
    // Whoever creates something in the meantime finds memory.
    for (Word freed = 0; freed < kept_free && n > first_number; ++freed)
        destroy (--n);
    return n;
}

}  // namespace

void run_scale (Setting const& setting)
{
    measure_registers (setting, "scale", "few", Placement::different_spaces);
    Word const end = create_all ();
    Word waiting = 0;
    for (Word n = first_number; n < end; ++n)
        waiting += waits (n);
    rt::print ("# scale: ", waiting, " more tasks alive and waiting\n");
    measure_registers (setting, "scale", "many", Placement::different_spaces);
    for (Word n = first_number; n < end; ++n)
        destroy (n);
}

}  // namespace bench
