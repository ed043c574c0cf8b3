// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/task.hpp>

extern "C" void rt_thread_entry ();

namespace rt {

namespace {

constexpr Word highest_priority = 255;

[[nodiscard]] l4::ThreadId number_id (Word n)
{
    return l4::ThreadId::make ({ .task = info_page ().first_task + n, .lthread = 0, .version = 0,
                                 .chief = 0, .nest = 0, .site = 0 });
}

}  // namespace

l4::ThreadId start_task (Word n, void* stack_top, ThreadFunction function, void* argument,
                         l4::ThreadId pager)
{
    if (n >= info_page ().task_count)
        return l4::ThreadId::nil ();
    void* const stack = prepare_stack (stack_top, function, argument);
    return start_task_at (n, reinterpret_cast<Address> (stack),
                          reinterpret_cast<Address> (&rt_thread_entry), pager, highest_priority);
}

l4::ThreadId start_task_at (Word n, Address stack_pointer, Address entry, l4::ThreadId pager,
                            Word mcp)
{
    if (n >= info_page ().task_count)
        return l4::ThreadId::nil ();
    return task_new (number_id (n), mcp, stack_pointer, entry, pager);
}

void end_task (Word n)
{
    if (n < info_page ().task_count)
        task_new (number_id (n), info_page ().own.low (), 0, 0, l4::ThreadId::nil ());
}

}  // namespace rt
