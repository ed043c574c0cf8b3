// SPDX-License-Identifier: BSD-2-Clause
#include <core/task_table.hpp>

namespace kernel::task_table {

namespace {

struct Task {
    Space* space;
    l4::Word chief;
};

Task tasks[l4::ThreadId::tasks];

}  // namespace

void initialise ()
{
    for (l4::Word n = l4::sigma0_task; n < l4::ThreadId::tasks; ++n)
        tasks[n].chief = l4::root_task;
    tasks[l4::root_task].chief = 0;
}

l4::Word chief (l4::Word number) { return tasks[number].chief; }
void set_chief (l4::Word number, l4::Word chief) { tasks[number].chief = chief; }
Space* space (l4::Word number) { return tasks[number].space; }
void set_space (l4::Word number, Space* space) { tasks[number].space = space; }

l4::Word nest_below (l4::ThreadId creator)
{
    return creator.task () == l4::root_task ? 0 : creator.nest () + 1;
}

}  // namespace kernel::task_table
