// SPDX-License-Identifier: BSD-2-Clause
#include <core/task_table.hpp>

namespace kernel::task_table {

using l4::Word;

namespace {

struct Task {
    Space* space;
    std::uint16_t chief;
    std::uint16_t first_owned;
    std::uint16_t next, previous;       ///< in the chief's ring
};

Task tasks[l4::ThreadId::tasks];

std::uint16_t short_number (Word number) { return static_cast<std::uint16_t> (number); }

void link_first (Word number)
{
    Task& task = tasks[number];
    Word const first = tasks[task.chief].first_owned;
    if (first == nobody) {
        task.next = task.previous = short_number (number);
    } else {
        task.next = short_number (first);
        task.previous = tasks[first].previous;
        tasks[task.previous].next = short_number (number);
        tasks[first].previous = short_number (number);
    }
    tasks[task.chief].first_owned = short_number (number);
}

void link_last (Word number)
{
    link_first (number);
    Task& chief = tasks[tasks[number].chief];
    chief.first_owned = tasks[number].next;
}

void unlink (Word number)
{
    Task const& task = tasks[number];
    tasks[task.previous].next = task.next;
    tasks[task.next].previous = task.previous;
    Task& chief = tasks[task.chief];
    if (chief.first_owned == number)
        chief.first_owned = task.next == number ? short_number (nobody) : task.next;
}

bool ring_is_consistent (Word chief)
{
    Word const first = tasks[chief].first_owned;
    bool inactive_seen = false;
    Word number = first;
    for (unsigned n = 0; first != nobody && n < l4::ThreadId::tasks; ++n) {
        Task const& task = tasks[number];
        if (task.chief != chief || tasks[task.next].previous != number)
            return false;
        if (inactive_seen && task.space != nullptr)
            return false;
        inactive_seen |= task.space == nullptr;
        number = task.next;
        if (number == first)
            return true;
    }
    return first == nobody;
}

}  // namespace

void initialise ()
{
    for (Word n = l4::sigma0_task; n < l4::ThreadId::tasks; ++n) {
        if (n == l4::root_task)
            continue;
        tasks[n].chief = l4::root_task;
        link_last (n);
    }
}

Word chief (Word number) { return tasks[number].chief; }

void set_chief (Word number, Word chief)
{
    unlink (number);
    tasks[number].chief = short_number (chief);
    link_last (number);
}

Space* space (Word number) { return tasks[number].space; }

void set_space (Word number, Space* space)
{
    tasks[number].space = space;
    if (number == l4::root_task)
        return;                         // the root task is in nobody's ring
    unlink (number);
    if (space != nullptr)
        link_first (number);
    else
        link_last (number);
}

Word first_owned (Word chief) { return tasks[chief].first_owned; }

Word nest_below (l4::ThreadId creator)
{
    return creator.task () == l4::root_task ? 0 : creator.nest () + 1;
}

bool consistent ()
{
    for (Word n = 0; n < l4::ThreadId::tasks; ++n)
        if (!ring_is_consistent (n))
            return false;
    return true;
}

}  // namespace kernel::task_table
