// SPDX-License-Identifier: BSD-2-Clause
#include "task_numbers.hpp"

#include <runtime/info_page.hpp>
#include <runtime/ipc.hpp>

#include "threads.hpp"

namespace guest {

namespace {

enum class NumberState : unsigned char { free, taken, lost };

constexpr unsigned most_numbers = 64;

constinit NumberState states[most_numbers] {};

[[nodiscard]] unsigned numbers ()
{
    unsigned const count = rt::info_page ().task_count;
    return count < most_numbers ? count : most_numbers;
}

}  // namespace

Word task_number (unsigned n)
{
    if (n >= numbers ())
        SKIP ("the root task handed over too few task numbers");
    return rt::info_page ().first_task + n;
}

Word take_task_number ()
{
    for (unsigned n = lasting_partner_tasks; n < numbers (); ++n) {
        if (states[n] != NumberState::free)
            continue;
        states[n] = NumberState::taken;
        return task_number (n);
    }
    SKIP ("no task number left");
}

l4::ThreadId own_task_id (Word number, Word version)
{
    l4::ThreadId const own = rt::info_page ().own;
    return l4::ThreadId::make ({ .task = number, .lthread = 0, .version = version,
                                 .chief = own.task (), .nest = own.nest () + 1, .site = 0 });
}

Word foreign_task_number ()
{
    return l4::ThreadId::tasks - 1;
}

void return_task_numbers ()
{
    l4::ThreadId const own = rt::info_page ().own;
    for (unsigned n = lasting_partner_tasks; n < numbers (); ++n) {
        if (states[n] != NumberState::taken)
            continue;
        l4::ThreadId const id
            = rt::task_new (own_task_id (task_number (n)), own.low (), 0, 0, l4::ThreadId::nil ());
        states[n] = id.is_nil () ? NumberState::lost : NumberState::free;
    }
}

}  // namespace guest
