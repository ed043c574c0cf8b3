// SPDX-License-Identifier: BSD-2-Clause
#include "crowd.hpp"

namespace crowd {

namespace {

struct Order {
    Address entry;
    Address esp;
    unsigned volatile threads;
};

void start_all (void* argument)
{
    auto& self = *static_cast<Order*> (argument);
    for (Word lthread = first_thread; lthread < l4::ThreadId::threads_per_task; ++lthread)
        if (guest::ex_regs (lthread, self.esp, self.entry).eflags != l4::unchanged)
            self.threads = self.threads + 1;
}

}  // namespace

unsigned gather (unsigned n, void (&entry) (), Address esp)
{
    static Order order;
    order = { guest::address_of (entry), esp, 0 };
    guest::Partner& starter = guest::partner_task (n).start (start_all, &order);
    CHECK (starter.finish ());
    starter.release ();
    guest::settle ();
    return order.threads;
}

void redirect (unsigned n, void (&entry) (), Address esp)
{
    static_cast<void> (gather (n, entry, esp));
}

void dissolve (unsigned n)
{
    Word const number = guest::partner_task (n).id ().task ();
    CHECK (!rt::task_new (guest::own_task_id (number), rt::myself ().low (), 0, 0,
                          l4::ThreadId::nil ()).is_nil ());
    guest::end_partner_tasks ();
}

}  // namespace crowd
