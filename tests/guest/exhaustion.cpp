// SPDX-License-Identifier: BSD-2-Clause
/// @file  Kernel memory runs out: errors for who asks for more, nothing for the others.
#include <framework/check.hpp>
#include <framework/exchange.hpp>
#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/probes.hpp>
#include <framework/task_numbers.hpp>

using namespace guest;

namespace {

/// Map one page to every 4 MB of partner task `n` until the kernel refuses: each mapping takes a
/// page table. @return the refusal, or a success if 3 GB were not enough
[[nodiscard]] Delivery map_everywhere (unsigned n, unsigned& mapped)
{
    Address const source = take_pages ();
    auto const fpage = l4::Fpage::memory (source, l4::page_bits);
    Delivery last {};
    for (Address window = window_region; window < l4::user_limit;
         window += l4::superpage_size) {
        last = map_into (l4::Fpage::whole_space (), window, fpage, n);
        if (!last.sender.ok () || !last.received)
            return last;
        ++mapped;
    }
    return last;
}

void check_others_work ()
{
    Exchange order = Exchange::call (rt::myself (), { 1, 2 });
    Partner& partner = partner_task (0).start (exchange, &order);
    CHECK (rt::receive (partner.id (), bounded).dope.ok ());
    CHECK (rt::send (partner.id (), { 3, 4 }, no_waiting).ok ());
    CHECK (partner.finish ());
    Address const source = take_pages ();
    word_at (source) = 7;
    CHECK_EQUAL (word_at (source), 7u);
}

}  // namespace

TEST_CASE ("EXH-001", "mapping without kernel memory ends with 60h and 70h",
           "V2-186 V2-049 V2-011")
{
    static_cast<void> (partner_task (0));
    unsigned mapped = 0;
    Delivery const last = map_everywhere (lasting_partner_tasks, mapped);
    if (last.sender.ok ())
        SKIP ("kernel memory is enough for all page tables of a task");
    CHECK (mapped >= 1);
    CHECK_EQUAL (last.sender.raw (), l4::IpcError::send_map_failed);
    REQUIRE (last.received);
    CHECK_EQUAL (last.receiver.dope.error (), l4::IpcError::receive_map_failed);
    check_others_work ();
}

TEST_CASE ("EXH-002", "the memory of a deleted task can be used again", "V2-304 V2-011 V2-049")
{
    unsigned first = 0;
    Delivery const last = map_everywhere (lasting_partner_tasks, first);
    if (last.sender.ok ())
        SKIP ("kernel memory is enough for all page tables of a task");
    Word const number = partner_task (lasting_partner_tasks).id ().task ();
    REQUIRE (!rt::task_new (own_task_id (number), rt::myself ().low (), 0, 0,
                            l4::ThreadId::nil ()).is_nil ());
    end_partner_tasks ();
    unsigned second = 0;
    CHECK (!map_everywhere (lasting_partner_tasks, second).sender.ok ());
    // The same again, but for what tables of the other tasks have grown in between.
    CHECK (second + 8 > first && first + 8 > second);
}

TEST_CASE ("EXH-003", "a task that uses up its threads harms nobody else", "V2-011 V2-095")
{
    struct Order {
        unsigned volatile created { 0 };
        unsigned volatile refused { 0 };
    } order;
    auto const create_all = [] (void* argument) {
        auto& self = *static_cast<Order*> (argument);
        for (Word lthread = 16; lthread < l4::ThreadId::threads_per_task; ++lthread) {
            auto const result = ex_regs (lthread, 0, address_of (guest_park_forever));
            if (result.eflags == l4::unchanged)
                self.refused = self.refused + 1;
            else
                self.created = self.created + 1;
        }
    };
    Partner& partner = partner_task (lasting_partner_tasks).start (create_all, &order);
    REQUIRE (partner.finish (5000));
    CHECK_EQUAL (order.created + order.refused, l4::ThreadId::threads_per_task - 16);
    CHECK (order.created > 0);
    check_others_work ();
}
