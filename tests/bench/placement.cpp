// SPDX-License-Identifier: BSD-2-Clause
#include "placement.hpp"

#include <l4/protocol/sigma0.hpp>
#include <l4/schedule.hpp>

#include <framework/memory.hpp>
#include <framework/pager.hpp>
#include <framework/time.hpp>

#include "bench.hpp"

namespace bench {

namespace {

/// Beyond 4 MB: who has a page there needs a large space as soon as it looks.
constexpr l4::Address far_page = guest::window_region;

bool is_small (l4::ThreadId thread)
{
    return rt::thread_schedule (thread, l4::ScheduleParameter { l4::unchanged }).old.small_space ()
           != 0;
}

void look_far (void*) { static_cast<void> (*reinterpret_cast<Word const volatile*> (far_page)); }

}  // namespace

bool is_client_small () { return is_small (rt::myself ()); }

void make_client_large ()
{
    if (!is_client_small ())
        return;
    rt::Window const window { l4::Fpage::memory (far_page, l4::page_bits) };
    auto const answer
        = rt::call (l4::sigma0_id, { l4::sigma0::any_page, 0 }, guest::bounded, window);
    if (!answer.dope.mapped ())
        fail ("sigma0 has no page");
    look_far (nullptr);
    if (is_client_small ())
        fail ("the client has not become large");
}

guest::PartnerTask& server_task (Placement placement)
{
    if (placement != Placement::large_server)
        return guest::partner_task (0);
    guest::PartnerTask& task = guest::partner_task (1);
    guest::Partner& partner = task.start (look_far, nullptr);
    if (!partner.finish ())
        fail ("the server has no far page");
    partner.release ();
    if (is_small (task.id ()))
        fail ("the server has not become large");
    return task;
}

void require_small_server ()
{
    if (!is_small (server_task (Placement::different_spaces).id ()))
        fail ("the server is not in a small space");
}

}  // namespace bench
